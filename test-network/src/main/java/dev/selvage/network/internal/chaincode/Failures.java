package dev.selvage.network.internal.chaincode;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Finds the failure inside what futures wrap around it. */
public final class Failures {
    private Failures() {}

    public static Throwable cause(Throwable failure) {
        Throwable at = failure;
        while ((at instanceof CompletionException || at instanceof ExecutionException) && at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }

    public static String message(Throwable failure) {
        Throwable cause = cause(failure);
        return cause instanceof ExecutionFailed ? cause.getMessage() : cause.toString();
    }
}
