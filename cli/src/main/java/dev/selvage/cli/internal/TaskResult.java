package dev.selvage.cli.internal;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.Suggestion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "result", description = "Give a task's result; bytes on the ledger are checked against their digest.")
final class TaskResult extends ContractCommand {
    @Parameters(index = "0", paramLabel = "TASK", description = "A task's id, or the beginning of it.")
    private String given;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "Only this result.")
    private String name;

    @Override
    int run(Session session, ContractClient contract) {
        var tasks = new Tasks(contract);
        var view = tasks.view(tasks.resolve(given));
        var names = tasks.workflowOf(view).results().keySet();
        if (name != null && !names.contains(name)) {
            var near = Suggestion.among(name, names);
            throw new SelvageException(
                    ErrorCode.RESULT_UNKNOWN,
                    "The workflow has no result \"" + name + "\""
                            + (near.isEmpty() ? "; it has " + names + "." : near));
        }
        var results = new Results(contract, tasks, new LocalNodes(session))
                .of(view).stream()
                        .filter(result -> name == null || result.name().equals(name))
                        .toList();
        if (results.isEmpty()) {
            if (view.state().ended()) {
                session.progress(TaskShow.summary(view) + ": there is no result.");
                return TaskWait.status(view.state());
            }
            throw new SelvageException(
                    ErrorCode.RESULT_UNKNOWN,
                    "Task " + Tasks.shortId(view.task().id()) + " has no result yet.");
        }
        session.answer(results, () -> Results.text(results));
        return ExitStatus.DONE;
    }
}
