package dev.selvage.cli.internal;

import dev.selvage.model.ErrorCategory;
import dev.selvage.model.ErrorCode;

/** What the process's exit status says (docs/operations.md, "Exit status"). */
final class ExitStatus {
    static final int DONE = 0;
    /** Failed; repeating may help. */
    static final int FAILED = 1;
    /** Bad input or usage. */
    static final int BAD_INPUT = 2;
    /** The command worked, the task did not succeed. */
    static final int TASK_NOT_SUCCEEDED = 3;
    /** The time to wait passed. */
    static final int STILL_RUNNING = 4;

    static final int NOT_PERMITTED = 5;
    /** A check said no. */
    static final int CHECK_SAID_NO = 6;

    static final int INTERNAL = 70;
    static final int INTERRUPTED = 130;

    private ExitStatus() {}

    static int of(ErrorCode code) {
        return switch (code) {
            case NOT_PERMITTED, NOT_ENTITLED, NODE_NOT_NAMED -> NOT_PERMITTED;
            case CHECK_FAILED, CASE_FAILED, AUDIT_REJECTED, DATA_DIFFERS -> CHECK_SAID_NO;
            case STILL_WAITING -> STILL_RUNNING;
            case INTERRUPTED -> INTERRUPTED;
            default -> of(code.category());
        };
    }

    private static int of(ErrorCategory category) {
        return switch (category) {
            case USER -> BAD_INPUT;
            case RESOURCE, EXTERNAL -> FAILED;
            case INTERNAL -> INTERNAL;
        };
    }
}
