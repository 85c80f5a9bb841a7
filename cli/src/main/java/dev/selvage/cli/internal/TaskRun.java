package dev.selvage.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.model.Binding;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Workflow;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "run", description = "Create a task of a deployed workflow; the nodes then carry it out.")
final class TaskRun extends ContractCommand {
    @Parameters(
            paramLabel = "NAME[@VERSION]|DIGEST",
            description = "Which workflow; the latest version if none is given.")
    private String which;

    @Option(names = "--arg", paramLabel = "NAME=VALUE", description = "An argument; repeat for several.")
    private List<String> arguments = List.of();

    @Option(
            names = "--wait",
            arity = "0..1",
            paramLabel = "DURATION",
            fallbackValue = "",
            description = "Wait for the end, at most this long (such as 60s); without a duration, as long as it takes.")
    private String wait;

    @Option(names = "--dry-run", description = "Only say what would be created.")
    private boolean dryRun;

    @Override
    int run(Session session, ContractClient contract) throws InterruptedException {
        var patience = patience(wait);
        var workflow = new Workflows(contract).find(which).workflow();
        var request = request(contract, workflow, Arguments.parse(workflow.parameters(), arguments));
        if (dryRun) {
            var would = contract.evaluate(ContractApi.CREATE_TASK, request, ContractApi.CreatedTask.class);
            session.answer(
                    would,
                    () -> "Would create a task of " + Workflows.title(workflow) + " with the nodes "
                            + CanonicalJson.text(would.binding()) + "; at once ready: " + would.ready());
            return ExitStatus.DONE;
        }
        var created = create(contract, request);
        if (wait == null) {
            session.answer(
                    created,
                    () -> "Task " + created.task() + " created (" + Workflows.title(workflow) + "), " + created.state()
                            + "\nFollow it: selvage task watch " + Tasks.shortId(created.task()));
            return ExitStatus.DONE;
        }
        session.progress("Task " + created.task() + " created (" + Workflows.title(workflow) + ")");
        return finish(session, contract, created.task(), patience);
    }

    /** The request with the binding that the contract proposes. */
    static ContractApi.NewTask request(ContractClient contract, Workflow workflow, ObjectNode arguments) {
        var digest = workflow.digest();
        var binding = contract.evaluate(
                ContractApi.PROPOSE_BINDING, new ContractApi.RoleQuery(digest, arguments), Binding.class);
        new Offers(new Tasks(contract).nodes())
                .require(workflow, binding, dev.selvage.model.Parameters.complete(workflow.parameters(), arguments));
        return new ContractApi.NewTask(digest, arguments, binding, null);
    }

    static ContractApi.CreatedTask create(ContractClient contract, ContractApi.NewTask request) {
        return contract.submit(ContractApi.CREATE_TASK, request, ContractApi.CreatedTask.class);
    }

    /** Waits for the end and answers with the task and its results. */
    static int finish(Session session, ContractClient contract, String task, Duration patience)
            throws InterruptedException {
        var tasks = new Tasks(contract);
        var view = new TaskWait(tasks, new LocalNodes(session)).untilEnd(task, patience, session::progress);
        var results = new Results(contract, tasks, new LocalNodes(session)).of(view);
        var failed = Failures.of(tasks, view);
        var answer = CanonicalJson.object()
                .put("task", task)
                .put("state", view.state().toString());
        answer.set("results", CanonicalJson.tree(results));
        answer.set("failures", CanonicalJson.tree(failed));
        session.answer(answer, () -> TaskShow.summary(view) + Failures.text(failed) + "\n" + Results.text(results));
        return TaskWait.status(view.state());
    }

    /** Null for as long as it takes. */
    private static Duration patience(String wait) {
        return wait == null || wait.isEmpty() ? null : Times.duration("--wait", wait);
    }
}
