package dev.selvage.cli.internal;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.EnumSet;
import java.util.Set;

/** How a fault is told on stderr: the code, the sentence, and what to do next where the sentence does not say it already. */
final class FaultText {
    /** Sentences that name their own next step with the very values of the case. */
    private static final Set<ErrorCode> COMPLETE = EnumSet.of(
            ErrorCode.WORKFLOW_INVALID,
            ErrorCode.OPERATION_INVALID,
            ErrorCode.ENGINE_FILE_INVALID,
            ErrorCode.CONFIG_INVALID,
            ErrorCode.ARGUMENT_INVALID,
            ErrorCode.DATA_UNKNOWN,
            ErrorCode.NOT_PERMITTED,
            ErrorCode.SECRET_IN_FILE,
            ErrorCode.STILL_WAITING,
            ErrorCode.ENGINE_PROTOCOL,
            ErrorCode.NOT_SUPPORTED,
            ErrorCode.USAGE,
            ErrorCode.PORT_TAKEN,
            ErrorCode.TOOL_MISSING,
            ErrorCode.CHECK_FAILED,
            ErrorCode.INTERRUPTED);

    private FaultText() {}

    static String of(SelvageException fault) {
        var sentence = fault.sentence().strip();
        var text = new StringBuilder(fault.code().name()).append(' ').append(sentence);
        if (!COMPLETE.contains(fault.code()) && !sentence.contains(fault.code().nextStep())) {
            if (!sentence.endsWith(".") && !sentence.endsWith("!") && !sentence.endsWith("?")) {
                text.append('.');
            }
            text.append(' ').append(fault.code().nextStep());
        }
        return text.toString();
    }
}
