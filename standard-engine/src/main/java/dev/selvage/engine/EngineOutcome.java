package dev.selvage.engine;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** How a run ended. What follows from it is the caller's decision. */
public sealed interface EngineOutcome {
    /** One of the two, by what happened. */
    <T> T fold(Function<? super Succeeded, ? extends T> succeeded, Function<? super Failed, ? extends T> failed);

    Usage usage();

    /** The foreign engine's own id of the run, or empty. */
    String foreignId();

    /** The foreign engine's own version, or empty. */
    String foreignVersion();

    /** It made all its outputs. */
    record Succeeded(List<EngineOutput> outputs, Usage usage, String foreignId, String foreignVersion)
            implements EngineOutcome {
        public Succeeded {
            outputs = List.copyOf(outputs);
            Objects.requireNonNull(usage);
            Objects.requireNonNull(foreignId);
            Objects.requireNonNull(foreignVersion);
        }

        @Override
        public <T> T fold(
                Function<? super Succeeded, ? extends T> succeeded, Function<? super Failed, ? extends T> failed) {
            return succeeded.apply(this);
        }
    }

    /** It did not. */
    record Failed(EngineFailure failure, Usage usage, String foreignId, String foreignVersion)
            implements EngineOutcome {
        public Failed {
            Objects.requireNonNull(failure);
            Objects.requireNonNull(usage);
            Objects.requireNonNull(foreignId);
            Objects.requireNonNull(foreignVersion);
        }

        @Override
        public <T> T fold(
                Function<? super Succeeded, ? extends T> succeeded, Function<? super Failed, ? extends T> failed) {
            return failed.apply(this);
        }
    }

    static EngineOutcome succeeded(List<EngineOutput> outputs) {
        return new Succeeded(outputs, Usage.NONE, "", "");
    }

    static EngineOutcome failed(EngineFailure failure) {
        return new Failed(failure, Usage.NONE, "", "");
    }
}
