package dev.selvage.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What users may do to a task that runs or waits. */
abstract class TaskActs extends ContractCommand {
    @Parameters(paramLabel = "TASK", description = "A task's id, or the beginning of it.")
    private String given;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it stands on the ledger.")
    private String reason;

    private final String function;
    private final String done;

    TaskActs(String function, String done) {
        this.function = function;
        this.done = done;
    }

    @Override
    final int run(Session session, ContractClient contract) {
        var task = new Tasks(contract).resolve(given);
        contract.submit(function, new ContractApi.TaskAct(task, reason), JsonNode.class);
        session.answer(
                CanonicalJson.object().put("task", task).put("done", done),
                () -> "Task " + Tasks.shortId(task) + " " + done + ".");
        return ExitStatus.DONE;
    }

    @Command(name = "cancel", description = "End a task; results that come later are not taken.")
    static final class Cancel extends TaskActs {
        Cancel() {
            super(ContractApi.CANCEL, "cancelled");
        }
    }

    @Command(name = "approve", description = "Approve a task for your organisation.")
    static final class Approve extends TaskActs {
        Approve() {
            super(ContractApi.APPROVE, "approved");
        }
    }

    @Command(name = "reject", description = "Reject a task for your organisation; this ends it.")
    static final class Reject extends TaskActs {
        Reject() {
            super(ContractApi.REJECT, "rejected");
        }
    }
}
