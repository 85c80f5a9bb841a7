package dev.selvage.integrity.hash;

import dev.selvage.model.ErrorCode;
import java.io.IOException;

/** A file was truncated, grew, was written to or was replaced while it was being read: what was computed so far means nothing. */
public final class FileChangedException extends IOException {
    private static final long serialVersionUID = 1L;

    public FileChangedException(String message) {
        super(message);
    }

    public ErrorCode code() {
        return ErrorCode.FILE_CHANGED;
    }
}
