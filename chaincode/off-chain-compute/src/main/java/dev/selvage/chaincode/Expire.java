package dev.selvage.chaincode;

import dev.selvage.model.ContractApi.Part;
import dev.selvage.model.ContractApi.StepDone;
import dev.selvage.model.ErrorCategory;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Failure;
import dev.selvage.model.Keys;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.Limits;
import dev.selvage.model.NodeId;
import dev.selvage.model.Outcome;
import dev.selvage.model.SelvageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a failure on behalf of a node that brought no result in time (LEDGER.md, rule 8). It reads the same key as absent that the node's
 * result does, so exactly one of the two wins. An expired attempt may be followed by another where the sub-task's retry allows RESOURCE.
 */
final class Expire {
    private Expire() {}

    static List<StepDone> run(Call call, List<Part> parts) {
        if (parts.isEmpty() || parts.size() > Limits.STEPS) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "Expire takes from 1 to " + Limits.STEPS + " parts.");
        }
        List<StepDone> done = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            try {
                done.add(new StepDone(expire(call, parts.get(i))));
            } catch (SelvageException refused) {
                throw ItemRefusals.at(i, refused);
            }
        }
        return done;
    }

    private static boolean expire(Call call, Part part) {
        TaskContext task = call.task(part.task());
        String key = Keys.result(part.task(), part.subTask(), part.index(), part.attempt(), part.role());
        if (task.end() != null || call.state().seen(key, Facts.ResultFact.class) != null) {
            return false;
        }
        var subTask = task.subTask(part.subTask());
        var plan = task.plan(part.subTask(), subTask.subTask());
        var ready = task.ready(part.subTask(), part.index(), part.attempt());
        if (ready == null || !plan.role(part.index()).equals(part.role())) {
            throw new SelvageException(ErrorCode.NOT_READY, Map.of("key", key), "No such attempt is ready.");
        }
        long expires = ready.notBefore()
                + subTask.subTask().deadlines().total()
                + 2 * call.settings().clockSkew();
        if (call.at() <= expires) {
            throw new SelvageException(
                    ErrorCode.NOT_YET_EXPIRED,
                    Map.of("key", key, "at", Long.toString(expires)),
                    "The attempt may be expired after " + expires + " ms of 1970.");
        }
        NodeId node = plan.node(part.index(), part.attempt()).id();
        write(call, key, part, node, ready, subTask);
        Opening.closeTodo(task, subTask, node, part.index(), part.attempt());
        return true;
    }

    private static void write(
            Call call, String key, Part part, NodeId node, Facts.ReadyFact ready, Facts.SubTaskFact subTask) {
        var failure = new Failure(
                ErrorCode.EXPIRED.name(), ErrorCategory.RESOURCE, true, node + " returned no result in time.");
        call.state()
                .put(
                        key,
                        new Facts.ResultFact(
                                part.task(),
                                part.subTask(),
                                part.index(),
                                part.attempt(),
                                part.role(),
                                null,
                                Outcome.FAILED,
                                Map.of(),
                                failure,
                                null,
                                Map.of(),
                                List.of(),
                                Map.of(),
                                call.at(),
                                call.txid()));
        boolean again = subTask.subTask().retry().again(part.attempt(), failure);
        if (!again) {
            call.state()
                    .put(
                            Keys.done(part.task(), part.subTask(), part.index()),
                            new Facts.DoneFact(
                                    part.attempt(),
                                    Outcome.FAILED,
                                    key,
                                    failure.code(),
                                    Math.max(call.at(), ready.notBefore())));
        }
        call.tell(new LedgerEvent.Result(
                part.task(), part.subTask(), part.index(), part.attempt(), part.role(), null, Outcome.FAILED, !again));
    }
}
