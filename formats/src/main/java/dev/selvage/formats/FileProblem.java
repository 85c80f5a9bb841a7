package dev.selvage.formats;

import dev.selvage.model.ErrorCode;

/**
 * One thing that is wrong in a file.
 *
 * @param code the code that it has when it is the only problem
 * @param position where it stands
 * @param path the keys that lead to it, such as {@code subTasks.merge}; empty for the file as a whole
 * @param message one sentence without a full stop
 */
public record FileProblem(ErrorCode code, Position position, String path, String message) {
    @Override
    public String toString() {
        return position + (path.isEmpty() ? " " : " " + path + ": ") + message;
    }
}
