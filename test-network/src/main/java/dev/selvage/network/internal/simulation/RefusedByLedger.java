package dev.selvage.network.internal.simulation;

/** A chaincode asked for what it may not have; the message is its answer. */
public final class RefusedByLedger extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RefusedByLedger(String message) {
        super(message, null, false, false);
    }
}
