package dev.selvage.integrity.hash.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jcuda.LogLevel;
import jcuda.driver.JCudaDriver;

/**
 * Loads JCuda's native library from a folder that only this user can write. JCuda itself unpacks it under a fixed name into the temporary folder, or takes
 * what already lies there, whoever put it there.
 */
final class JCudaLibrary {
    private static final String TEMPORARY = "java.io.tmpdir";

    private static boolean loaded;

    private JCudaLibrary() {}

    /** Loads it once; later calls do nothing. */
    static synchronized void load() throws IOException {
        if (loaded) {
            return;
        }
        Path own = Files.createTempDirectory("selvage-cuda-"); // for its owner alone
        String usual = System.setProperty(TEMPORARY, own.toString());
        try {
            JCudaDriver.setLogLevel(LogLevel.LOG_QUIET);
            JCudaDriver.setExceptionsEnabled(true);
            loaded = true;
        } finally {
            System.setProperty(TEMPORARY, usual);
            clear(own);
        }
    }

    /** A library that is loaded needs its file no more. */
    private static void clear(Path folder) throws IOException {
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
