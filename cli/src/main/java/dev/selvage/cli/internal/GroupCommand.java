package dev.selvage.cli.internal;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that only holds others: alone it is a mistake. */
abstract class GroupCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public final void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "one of these must follow \"" + spec.qualifiedName() + "\": "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}
