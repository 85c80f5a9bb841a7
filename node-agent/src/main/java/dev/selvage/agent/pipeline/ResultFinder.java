package dev.selvage.agent.pipeline;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts.DoneFact;
import dev.selvage.model.Facts.OutputFact;
import dev.selvage.model.Facts.ResultFact;
import dev.selvage.model.Keys;
import dev.selvage.model.NodeId;
import dev.selvage.model.Outcome;
import dev.selvage.model.PartPlan;
import dev.selvage.model.SelvageException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds what another sub-task returned, part by part, in this task or in the earlier one that it cites. */
final class ResultFinder {
    private final Contract contract;

    ResultFinder(Contract contract) {
        this.contract = contract;
    }

    /** An output of one part, and the node that made it. */
    record Found(int index, String label, OutputFact output, NodeId producer) {}

    /**
     * The outputs of all parts that succeeded, in order.
     *
     * @throws SelvageException NOT_READY while the peer does not show all parts as done
     */
    List<Found> outputs(TaskContext task, String subTask, String output) {
        PartPlan plan = task.plan(subTask);
        Map<String, Map<Integer, DoneFact>> done = new HashMap<>();
        Map<String, ResultFact> facts = new HashMap<>();
        List<Found> found = new ArrayList<>();
        for (int i = 0; i < plan.count(); i++) {
            String cited = task.fact().citedTask(subTask, i);
            String holder = cited == null ? task.id() : cited;
            DoneFact fact =
                    done.computeIfAbsent(holder, id -> done(id, subTask)).get(i);
            if (fact == null) {
                throw new SelvageException(
                        ErrorCode.NOT_READY, "Part " + i + " of " + subTask + " is not visible at the peer yet.");
            }
            if (fact.outcome() == Outcome.SUCCEEDED) {
                ResultFact result = result(fact.result(), plan.count(), facts);
                OutputFact bytes = result.outputs().get(output);
                if (bytes != null) {
                    found.add(new Found(i, plan.label(i), bytes, result.node()));
                }
            }
        }
        return found;
    }

    private Map<Integer, DoneFact> done(String task, String subTask) {
        Map<Integer, DoneFact> byIndex = new HashMap<>();
        contract.done(task, subTask).forEach(part -> byIndex.put(part.index(), part.done()));
        return byIndex;
    }

    /** One question for one part, and one page after another for many. */
    private ResultFact result(String key, int parts, Map<String, ResultFact> facts) {
        if (!facts.containsKey(key)) {
            var part = Keys.part(key);
            if (parts == 1) {
                contract.result(part).ifPresent(fact -> facts.put(key, fact));
            } else {
                for (ResultFact fact : contract.results(part.task(), part.subTask())) {
                    facts.put(
                            Keys.result(fact.task(), fact.subTask(), fact.index(), fact.attempt(), fact.role()), fact);
                }
            }
        }
        ResultFact found = facts.get(key);
        if (found == null) {
            throw new SelvageException(ErrorCode.NOT_READY, "The result " + key + " is not visible at the peer yet.");
        }
        return found;
    }
}
