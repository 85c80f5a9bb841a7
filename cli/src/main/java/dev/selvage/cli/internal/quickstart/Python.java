package dev.selvage.cli.internal.quickstart;

import java.io.File;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Looks for a Python that can run the example's worker. */
final class Python {
    private static final long PATIENCE_SECONDS = 10;

    private Python() {}

    /** Whether {@code python3} is there and is 3.8 or newer. */
    static boolean isThere() {
        try {
            var process = new ProcessBuilder("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 8))")
                    .redirectErrorStream(true)
                    .redirectOutput(new File("/dev/null"))
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
