package dev.selvage.network.internal.chaincode;

/** A chaincode gave no answer: it is unknown, cannot be reached, died, or ran out of time. The message is the peer's. */
public final class ExecutionFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ExecutionFailed(String message) {
        super(message, null, false, false);
    }
}
