package dev.selvage.network.org;

import java.util.Objects;
import java.util.function.Function;

/** The verdict on a serialised identity. */
public sealed interface Identification {

    /** Calls the function of the case that holds. */
    <T> T fold(Function<Member, T> known, Function<Refused, T> refused);

    /** An organisation of the channel issued it. */
    record Known(Member member) implements Identification {
        public Known {
            Objects.requireNonNull(member);
        }

        @Override
        public <T> T fold(Function<Member, T> known, Function<Refused, T> refused) {
            return known.apply(member);
        }
    }

    /** It is nobody here; the sentence is fit for a person. */
    record Refused(Reason reason, String sentence) implements Identification {
        public Refused {
            Objects.requireNonNull(reason);
            Objects.requireNonNull(sentence);
        }

        @Override
        public <T> T fold(Function<Member, T> known, Function<Refused, T> refused) {
            return refused.apply(this);
        }
    }

    /** Why an identity is refused. */
    enum Reason {
        MALFORMED,
        UNKNOWN_MSP,
        NOT_ISSUED_BY_MSP,
        IS_AN_AUTHORITY,
        BAD_UNIT,
        UNSUPPORTED_KEY,
        EXPIRED
    }
}
