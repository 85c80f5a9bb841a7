package dev.selvage.cli.internal;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.model.ContractApi;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "retry", description = "Make a new task of an ended one; its accepted results are kept.")
final class TaskRetry extends ContractCommand {
    @Parameters(paramLabel = "TASK", description = "The ended task's id, or the beginning of it.")
    private String given;

    @Override
    int run(Session session, ContractClient contract) {
        var tasks = new Tasks(contract);
        var old = tasks.view(tasks.resolve(given)).task();
        var created = TaskRun.create(
                contract, new ContractApi.NewTask(old.workflow(), old.arguments(), old.binding(), old.id()));
        session.answer(
                created,
                () -> "Task " + created.task() + " created, again after " + Tasks.shortId(old.id())
                        + "\nFollow it: selvage task watch " + Tasks.shortId(created.task()));
        return ExitStatus.DONE;
    }
}
