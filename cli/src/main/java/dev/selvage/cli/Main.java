package dev.selvage.cli;

import dev.selvage.cli.internal.SelvageCommand;

/** The entry point of {@code ./selvage}. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit status (docs/operations.md). */
    public static void main(String[] args) {
        int status = SelvageCommand.execute(args, System.getenv());
        System.out.flush();
        System.err.flush();
        System.exit(status);
    }
}
