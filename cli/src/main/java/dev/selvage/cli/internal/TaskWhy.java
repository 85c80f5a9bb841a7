package dev.selvage.cli.internal;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.model.CanonicalJson;
import java.util.List;
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
        var failed = Failures.of(tasks, view);
        var answer = CanonicalJson.object();
        answer.put("task", view.task().id()).put("state", view.state().toString());
        answer.set("causes", CanonicalJson.tree(causes));
        answer.set("failures", CanonicalJson.tree(failed));
        session.answer(answer, () -> TaskShow.summary(view) + text(causes, failed));
        return ExitStatus.DONE;
    }

    private static String text(List<Why.Cause> causes, List<Failures.Failed> failed) {
        return causes.isEmpty() && failed.isEmpty()
                ? "\nIt waits for nothing."
                : causes.stream().map(cause -> "\n  " + cause.sentence()).collect(Collectors.joining())
                        + Failures.text(failed);
    }
}
