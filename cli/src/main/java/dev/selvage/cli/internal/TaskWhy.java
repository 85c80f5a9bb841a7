package dev.selvage.cli.internal;

import dev.selvage.cli.internal.client.ContractClient;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "why", description = "Say what a task waits for.")
final class TaskWhy extends ContractCommand {
    @Parameters(paramLabel = "TASK", description = "A task's id, or the beginning of it.")
    private String given;

    @Override
    int run(Session session, ContractClient contract) {
        var tasks = new Tasks(contract);
        var view = tasks.view(tasks.resolve(given));
        var causes = new Why(tasks, new LocalNodes(session)).causes(view);
        session.answer(
                causes,
                () -> TaskShow.summary(view) + "\n"
                        + (causes.isEmpty()
                                ? "It waits for nothing."
                                : causes.stream()
                                        .map(cause -> "  " + cause.sentence())
                                        .collect(Collectors.joining("\n"))));
        return ExitStatus.DONE;
    }
}
