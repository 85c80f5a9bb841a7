package dev.selvage.agent.audit;

import dev.selvage.integrity.hash.FileChangedException;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;

/** What it means that a file could not be hashed. */
final class FileFaults {
    private FileFaults() {}

    /**
     * FILE_CHANGED when it was written to, truncated or replaced meanwhile, else FILE_UNREADABLE.
     *
     * @param what is being hashed, for a person
     */
    static SelvageException of(String what, IOException e) {
        var code = e instanceof FileChangedException changed ? changed.code() : ErrorCode.FILE_UNREADABLE;
        return new SelvageException(code, what + " cannot be hashed: " + e.getMessage() + ".", e);
    }
}
