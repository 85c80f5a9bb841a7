package dev.selvage.bridge;

import dev.selvage.engine.EngineFailure;

/** A run that the engine ended with a failure of its own. */
final class FailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient EngineFailure failure;

    FailedException(EngineFailure failure) {
        super(failure.code());
        this.failure = failure;
    }

    EngineFailure failure() {
        return failure;
    }
}
