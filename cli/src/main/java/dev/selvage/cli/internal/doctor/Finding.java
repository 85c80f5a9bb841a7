package dev.selvage.cli.internal.doctor;

import dev.selvage.model.ErrorCode;

/**
 * What one check found.
 *
 * @param subject whose side it was tried from: an organisation, or {@code EwrMSP -> JfkMSP}
 * @param check what was looked at
 * @param code why it is not well; null when it is, or was not tried
 * @param sentence what was found
 */
public record Finding(Level level, String subject, String check, ErrorCode code, String sentence) {
    /** How a check ended. */
    public enum Level {
        OK,
        /** Works, and will not for ever, or is not as it should be. */
        WARN,
        FAIL,
        /** Not tried, for the reason that the sentence gives. */
        SKIP
    }
}
