package dev.selvage.cli.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Copies of the main example, changed. */
final class Examples {
    private Examples() {}

    static Path nycDelays() {
        return Network.home().resolve("examples/nyc-delays");
    }

    /** A copy of the workflow with its operations, in a folder of that name. */
    static Path edited(String name, UnaryOperator<String> change) throws IOException {
        var copy = MainJobNetwork.folder("edited").resolve(name);
        Files.createDirectories(copy.resolve("operations"));
        for (String operation : new String[] {"flights.delays.yaml", "flights.merge.yaml"}) {
            Files.copy(
                    nycDelays().resolve("operations").resolve(operation),
                    copy.resolve("operations").resolve(operation));
        }
        return Files.writeString(
                copy.resolve("workflow.yaml"),
                change.apply(Files.readString(nycDelays().resolve("workflow.yaml"))));
    }
}
