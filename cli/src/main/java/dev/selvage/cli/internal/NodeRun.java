package dev.selvage.cli.internal;

import dev.selvage.cli.internal.local.NodeMain;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "run",
        description = {
            "Run a node's daemon in the foreground, for systemd and the like; a signal ends it.",
            "It logs to stderr and ends with 1 where another try may help, with 2 where the configuration is wrong."
        })
final class NodeRun extends BaseCommand {
    @Mixin
    private NodeCommand.NodeChoice choice;

    @Override
    int run(Session session) throws InterruptedException {
        return NodeMain.run(choice.config(session));
    }
}
