package dev.selvage.cli.internal;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Graph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Show how far a task is.")
final class TaskShow extends ContractCommand {
    @Parameters(paramLabel = "TASK", description = "A task's id, or the beginning of it.")
    private String given;

    @Override
    int run(Session session, ContractClient contract) {
        var tasks = new Tasks(contract);
        var view = tasks.view(tasks.resolve(given));
        session.answer(view, () -> text(tasks, view));
        return ExitStatus.DONE;
    }

    private static String text(Tasks tasks, ContractApi.TaskView view) {
        var text = new StringBuilder(summary(view)).append('\n');
        text.append("arguments ").append(CanonicalJson.text(view.task().arguments()));
        text.append("  created ").append(Times.clock(view.task().at()));
        text.append(" by ").append(view.task().creator()).append("\n\n");
        var table = new TextTable("SUB-TASK", "STATE", "PARTS", "NODES");
        for (String name : Graph.of(tasks.workflowOf(view).subTasks()).order()) {
            var subTask = view.subTasks().get(name);
            var parts = subTask.parts();
            table.row(
                    name,
                    subTask.state(),
                    parts.succeeded() + " ok" + (parts.failed() > 0 ? ", " + parts.failed() + " failed" : "") + " of "
                            + Math.max(1, parts.count()),
                    tasks.plan(view, name).firstNodes());
        }
        return text.append(table)
                .append(Failures.text(Failures.of(tasks, view)))
                .toString();
    }

    /** One line: id, workflow, state, and why it ended. */
    static String summary(ContractApi.TaskView view) {
        var task = view.task();
        var text = new StringBuilder(
                "Task " + task.id() + "  " + task.name() + " " + task.version() + "  " + view.state());
        if (view.end() != null && view.end().code() != null) {
            text.append("  ").append(view.end().code());
            if (view.end().message() != null) {
                text.append(": ").append(view.end().message());
            }
        }
        return text.toString();
    }
}
