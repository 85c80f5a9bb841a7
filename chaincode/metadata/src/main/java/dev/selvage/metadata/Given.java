package dev.selvage.metadata;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.Limits;
import dev.selvage.model.SelvageException;

/** What every request must hold to. */
final class Given {
    private Given() {}

    /**
     * Refuses unless a rule holds.
     *
     * @throws SelvageException REQUEST_INVALID
     */
    static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, sentence);
        }
    }

    /** Passes on what must be there. */
    static <T> T present(String what, T value) {
        require(value != null, what + " is missing.");
        return value;
    }

    /** Passes on bytes of one length. */
    static byte[] bytes(String what, byte[] value, int length) {
        require(value != null && value.length == length, what + " has " + length + " bytes.");
        return value;
    }

    /** Passes on a reason for people. */
    static String reason(String text) {
        require(
                text != null && !text.isBlank() && text.length() <= Limits.MESSAGE,
                "A reason has from 1 to " + Limits.MESSAGE + " characters.");
        return text;
    }
}
