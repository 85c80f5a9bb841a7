package dev.selvage.model;

/**
 * Why a run brought no result. It is a result as well (A6).
 *
 * @param code stable, of the catalogue or an engine's own
 * @param retryable whether another attempt can help
 * @param message one sentence that may stand on the ledger, at most {@link Limits#MESSAGE} characters
 */
public record Failure(String code, ErrorCategory category, boolean retryable, String message) {
    public Failure {
        Names.component("A failure's code", code);
        if (category == null) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "A failure has a category.");
        }
        message = message == null ? "" : message;
        if (message.length() > Limits.MESSAGE) {
            message = message.substring(0, Limits.MESSAGE - 3) + "...";
        }
    }

    public static Failure of(SelvageException fault) {
        return of(fault.code(), fault.sentence());
    }

    public static Failure of(ErrorCode code, String message) {
        return new Failure(code.name(), code.category(), code.retryable(), message);
    }
}
