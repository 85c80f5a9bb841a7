package dev.selvage.cli.internal;

import dev.selvage.cli.internal.client.ContractClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "list", description = "List tasks, the newest first.")
final class TaskList extends ContractCommand {
    @Option(names = "--state", paramLabel = "STATE", description = "Only tasks in this state, such as Running.")
    private String state;

    @Option(names = "--workflow", paramLabel = "NAME", description = "Only tasks of this workflow.")
    private String workflow;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "At most so many (default 50).")
    private int limit;

    @Override
    int run(Session session, ContractClient contract) {
        var tasks = new Tasks(contract)
                .list().stream()
                        .filter(task -> state == null || task.state().toString().equalsIgnoreCase(state))
                        .filter(task -> workflow == null || task.name().equals(workflow))
                        .limit(limit)
                        .toList();
        session.answer(tasks, () -> {
            var table = new TextTable("TASK", "WORKFLOW", "STATE", "CREATED", "BY");
            tasks.forEach(task -> table.row(
                    Tasks.shortId(task.task()),
                    task.name() + " " + task.version(),
                    task.state(),
                    Times.clock(task.at()),
                    task.creator()));
            return table.isEmpty() ? "No tasks." : table.toString();
        });
        return ExitStatus.DONE;
    }
}
