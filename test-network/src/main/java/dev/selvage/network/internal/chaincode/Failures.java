package dev.selvage.network.internal.chaincode;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;

/** Finds the failure inside what futures wrap around it. */
public final class Failures {
    private Failures() {}

    /** Calls back when the future is done; the callback itself must not fail. */
    @SuppressWarnings("FutureReturnValueIgnored") // there is nobody to tell of a failing callback
    public static <T> void whenDone(CompletableFuture<T> future, BiConsumer<? super T, ? super Throwable> then) {
        future.whenComplete(then);
    }

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
