package dev.selvage.network.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What child processes have in common. */
public final class Children {
    private static final List<String> PASSED_ON =
            List.of("PATH", "HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "TZ", "JAVA_TOOL_OPTIONS");

    private Children() {}

    /** The command in a session of its own, where there is a command for that: the terminal's signals do not reach it then. */
    public static List<String> ownSession(List<String> command) {
        for (String folder : List.of("/usr/bin", "/bin")) {
            Path setsid = Path.of(folder, "setsid");
            if (Files.isExecutable(setsid)) {
                List<String> whole = new ArrayList<>(List.of(setsid.toString()));
                whole.addAll(command);
                return whole;
            }
        }
        return command;
    }

    /** Gives a process few variables of this one's, and those named here. */
    public static void setEnvironment(ProcessBuilder builder, Map<String, String> more) {
        Map<String, String> variables = builder.environment();
        variables.keySet().removeIf(variable -> !PASSED_ON.contains(variable));
        variables.putAll(more);
    }
}
