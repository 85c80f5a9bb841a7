package dev.selvage.engine;

/** A handler's way to fail with a code of its own. */
public final class OperationFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient EngineFailure failure;

    public OperationFailedException(EngineFailure failure) {
        super(failure.code() + " " + failure.message());
        this.failure = failure;
    }

    public EngineFailure failure() {
        return failure;
    }
}
