package dev.selvage.engine;

import dev.selvage.model.ErrorCategory;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Why a run failed.
 *
 * @param code from the catalogue, or the engine's own: upper-case letters, digits and "_"
 * @param retryAfter the engine's advice
 * @param message one sentence; it may go on the ledger
 * @param detail stays on the node
 */
public record EngineFailure(
        String code,
        ErrorCategory category,
        boolean retryable,
        Optional<Duration> retryAfter,
        String message,
        String detail) {
    /** Characters of a message; a longer one is cut. */
    public static final int MAX_MESSAGE = 500;
    /** Characters of a detail; a longer one is cut. */
    public static final int MAX_DETAIL = 16_384;

    private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

    public EngineFailure {
        if (code == null || !CODE.matcher(code).matches()) {
            code = ErrorCode.ENGINE_FAILED.name();
        }
        Objects.requireNonNull(category);
        Objects.requireNonNull(retryAfter);
        message = oneLine(message);
        detail = cut(detail == null ? "" : detail, MAX_DETAIL);
    }

    public static EngineFailure of(ErrorCode code, String message) {
        return of(code, message, "");
    }

    public static EngineFailure of(ErrorCode code, String message, String detail) {
        return new EngineFailure(code.name(), code.category(), code.retryable(), Optional.empty(), message, detail);
    }

    /** A fault of ours keeps its code; anything else becomes {@code otherwise}, with its words in the detail only. */
    public static EngineFailure of(Throwable fault, ErrorCode otherwise, String message) {
        if (fault instanceof SelvageException ours) {
            var cause = ours.getCause();
            return of(ours.code(), ours.sentence(), cause == null ? "" : cause.toString());
        }
        return of(otherwise, message, String.valueOf(fault));
    }

    private static String oneLine(String text) {
        var flat = text == null ? "" : text.replaceAll("\\p{Cntrl}+", " ").strip();
        return cut(flat, MAX_MESSAGE);
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 3) + "...";
    }
}
