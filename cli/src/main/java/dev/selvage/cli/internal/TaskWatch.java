package dev.selvage.cli.internal;

import dev.selvage.cli.internal.client.ContractClient;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "watch", description = "Follow a task to its end, then give its result.")
final class TaskWatch extends ContractCommand {
    @Parameters(paramLabel = "TASK", description = "A task's id, or the beginning of it.")
    private String given;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            converter = Times.Converter.class,
            description = "At most this long, such as 60s (default: as long as it takes).")
    private Duration patience;

    @Override
    int run(Session session, ContractClient contract) throws InterruptedException {
        return TaskRun.finish(session, contract, new Tasks(contract).resolve(given), patience);
    }
}
