package dev.selvage.cli.internal;

import dev.selvage.cli.internal.quickstart.Quickstart;
import picocli.CommandLine.Command;

@Command(
        name = "quickstart",
        description = "Run the main job on this machine: three organisations compute on their own data.")
final class QuickstartCommand extends BaseCommand {
    @Override
    int run(Session session) {
        var quickstart = new Quickstart(
                session.home().resolve("examples"),
                NetworkCommand.network(session),
                session.distribution(),
                session::progress);
        quickstart.run();
        return ExitStatus.DONE;
    }
}
