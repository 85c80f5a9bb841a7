package dev.selvage.cli.internal;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that does something, as opposed to a group of commands. */
abstract class BaseCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    /**
     * Does the work.
     *
     * @return the exit status
     */
    abstract int run(Session session) throws Exception;

    @Override
    public final Integer call() throws Exception {
        var root = (SelvageCommand) spec.root().userObject();
        var line = spec.commandLine();
        return run(new Session(root, line.getOut(), line.getErr(), root.environment()));
    }

    CommandSpec spec() {
        return spec;
    }
}
