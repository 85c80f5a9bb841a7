package dev.selvage.network.fabric;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Processes that the terminal's signals do not reach. */
final class Sessions {
    private Sessions() {}

    /** The command in a session of its own, where there is a command for that. */
    static List<String> own(List<String> command) {
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
}
