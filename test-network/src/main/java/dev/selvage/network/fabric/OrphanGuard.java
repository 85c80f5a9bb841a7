package dev.selvage.network.fabric;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.process.Children;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Ends processes that must not outlive this one, however it goes: a killed test leaves nothing running. A shell in a session of its own
 * reads a pipe from here; when this process is gone the pipe closes, and what was named on it is killed, unless its process id has been
 * given to another since. Thread-safe.
 */
public final class OrphanGuard {
    /** Reads a process id a line. The start time tells a process from a later one of the same id. */
    private static final String SCRIPT = """
            trap '' INT TERM HUP
            stamp() {
              if [ -r "/proc/$1/stat" ]; then
                sed 's/.*) //' "/proc/$1/stat" | cut -d' ' -f20
              else
                ps -o lstart= -p "$1" | tr ' ' _
              fi
            }
            all=
            while read -r pid; do
              all="$all $pid:$(stamp "$pid")"
            done
            for one in $all; do
              pid=${one%%:*}
              [ "$(stamp "$pid")" = "${one#*:}" ] && kill -9 "$pid"
            done
            """;

    private static OutputStream pipe;

    private OrphanGuard() {}

    /** Has the process end with this one at the latest; the same process is returned. */
    public static Process watch(Process process) {
        watch(process.toHandle());
        return process;
    }

    /** Has the process end with this one at the latest. */
    public static synchronized void watch(ProcessHandle process) {
        try {
            if (pipe == null) {
                pipe = new ProcessBuilder(Children.ownSession(List.of("/bin/sh", "-c", SCRIPT)))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .getOutputStream();
            }
            pipe.write((process.pid() + "\n").getBytes(StandardCharsets.US_ASCII));
            pipe.flush();
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.PROCESS_FAILED, "processes cannot be guarded: " + e.getMessage(), e);
        }
    }
}
