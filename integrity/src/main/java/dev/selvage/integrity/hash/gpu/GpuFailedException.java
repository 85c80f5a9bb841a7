package dev.selvage.integrity.hash.gpu;

import java.io.IOException;

/** The device or its driver failed; the same bytes can be hashed on the CPU. */
public final class GpuFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    GpuFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
