package dev.selvage.integrity.hash;

import java.io.IOException;

/** A file was truncated, grew, was written to or was replaced while it was being read: what was computed so far means nothing. */
public final class FileChangedException extends IOException {
    private static final long serialVersionUID = 1L;

    public FileChangedException(String message) {
        super(message);
    }
}
