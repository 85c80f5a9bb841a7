package dev.selvage.cli.internal;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.SelvageException;
import dev.selvage.model.Workflow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a task's workflow names as its results, as far as they are there. */
final class Results {
    private final ContractClient contract;
    private final Tasks tasks;
    private final LocalNodes local;

    /** @param local nodes of this machine that the user may ask for bytes which are not on the ledger */
    Results(ContractClient contract, Tasks tasks, LocalNodes local) {
        this.contract = contract;
        this.tasks = tasks;
        this.local = local;
    }

    /**
     * One output of one part.
     *
     * @param name as the workflow's results call it
     * @param part {@code merge}, {@code delays[ewr]}
     * @param holder the node that computed it
     * @param text the bytes, from the ledger or from a node of the user's organisation, their digest checked; null where neither has them
     */
    record Result(
            String name,
            String part,
            Digest digest,
            long size,
            String mediaType,
            boolean salted,
            String holder,
            String text) {}

    /** The results of the parts that succeeded. */
    List<Result> of(ContractApi.TaskView view) {
        List<Result> found = new ArrayList<>();
        tasks.workflowOf(view).results().forEach((name, ref) -> found.addAll(of(view, name, ref)));
        return found;
    }

    private List<Result> of(ContractApi.TaskView view, String name, Workflow.OutputRef ref) {
        var task = view.task().id();
        var subTask = tasks.workflowOf(view).subTasks().get(ref.result());
        boolean onLedger = subTask.outputs().get(ref.output()).onLedger();
        var plan = tasks.plan(view, ref.result());
        return tasks.accepted(view, ref.result()).stream()
                .filter(result -> result.outputs().containsKey(ref.output()))
                .map(result -> {
                    var output = result.outputs().get(ref.output());
                    return new Result(
                            name,
                            Tasks.partName(ref.result(), plan, result.index()),
                            output.digest(),
                            output.size(),
                            output.mediaType(),
                            output.salted(),
                            String.valueOf(result.node()),
                            onLedger ? text(task, ref, result, output) : held(task, output));
                })
                .toList();
    }

    /** What the user's own organisation may see, from a node of it. */
    private String held(String task, Facts.OutputFact output) {
        return local.bytes(task, output.digest())
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse(null);
    }

    private String text(String task, Workflow.OutputRef ref, Facts.ResultFact result, Facts.OutputFact output) {
        var bytes = contract.evaluate(
                        ContractApi.GET_OUTPUT,
                        new ContractApi.OutputQuery(task, ref.result(), result.index(), ref.output()),
                        ContractApi.Bytes.class)
                .bytes();
        if (!output.salted() && !Digest.of(bytes).equals(output.digest())) {
            throw new SelvageException(
                    ErrorCode.DIGEST_MISMATCH,
                    "The bytes of " + ref.result() + "." + ref.output()
                            + " on the ledger are not those of their digest.");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static String text(List<Result> results) {
        var text = new StringBuilder();
        boolean several = results.size() > 1;
        for (var result : results) {
            if (several || result.text() == null) {
                text.append(result.name()).append(" of ").append(result.part()).append(": ");
                text.append(result.size()).append(" bytes, digest ").append(result.digest());
                text.append(result.salted() ? " (salted)" : "")
                        .append(", held by ")
                        .append(result.holder())
                        .append('\n');
            }
            if (result.text() != null) {
                text.append(result.text());
            }
        }
        return text.toString();
    }

    static Object json(List<Result> results) {
        return CanonicalJson.tree(results);
    }
}
