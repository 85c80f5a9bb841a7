package dev.selvage.model;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One thing that is wrong with an input.
 *
 * @param code why it is refused
 * @param path where, such as {@code subTasks.merge.inputs.tables}; empty for the whole
 * @param message what is wrong, for a person
 */
public record Problem(ErrorCode code, String path, String message) {
    @Override
    public String toString() {
        return path.isEmpty() ? message : path + ": " + message;
    }

    /**
     * Refuses an input with all its problems, if it has any. The code is NOT_SUPPORTED when nothing but missing abilities stands in
     * the way, else the given one.
     *
     * @throws SelvageException with every problem in its sentence
     */
    public static void refuseAny(ErrorCode code, List<Problem> problems) {
        if (problems.isEmpty()) {
            return;
        }
        boolean onlyUnsupported = problems.stream().allMatch(problem -> problem.code() == ErrorCode.NOT_SUPPORTED);
        throw new SelvageException(
                onlyUnsupported ? ErrorCode.NOT_SUPPORTED : code,
                problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
    }
}
