package dev.selvage.cli.internal;

import dev.selvage.cli.internal.local.Distribution;
import dev.selvage.model.CanonicalJson;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

@Command(name = "version", description = "Say which version this is.")
final class VersionCommand extends BaseCommand {
    @Override
    int run(Session session) {
        var build = session.distribution().build();
        var version = build.getProperty("version", "unknown");
        var built = build.getProperty("built", "unknown");
        var java = System.getProperty("java.vm.name") + " " + Runtime.version();
        var system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        session.answer(
                CanonicalJson.object()
                        .put("version", version)
                        .put("built", built)
                        .put("java", java)
                        .put("system", system),
                () -> "selvage " + version + " (built " + built + ")\n" + java + ", " + system);
        return ExitStatus.DONE;
    }

    /** For {@code --version}. */
    static final class Provider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var home = System.getProperty("selvage.home", ".");
            var set = System.getProperty("selvage.dist");
            var root = set == null ? Path.of(home, "cli", "target", "selvage") : Path.of(set);
            return new String[] {"selvage " + new Distribution(root).build().getProperty("version", "unknown")};
        }
    }
}
