package dev.selvage.agent.pipeline;

import dev.selvage.agent.ledger.Creators;
import dev.selvage.agent.ledger.SignedTransaction;
import dev.selvage.engine.RunKey;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi.Verdict;
import dev.selvage.model.ContractApi.Verdicts;
import dev.selvage.model.Limits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A transaction with results that may have been ordered, until the block stream shows it. For one thread. */
final class Flight {
    final SignedTransaction transaction;
    final List<Queued> items;
    final Map<RunKey, Verdict> verdicts;
    /** When it was sent for the first and the last time, milliseconds since 1970 UTC. */
    final long first;

    long last;

    Flight(SignedTransaction transaction, List<Queued> items, Map<RunKey, Verdict> verdicts, long now) {
        this.transaction = transaction;
        this.items = items;
        this.verdicts = verdicts;
        this.first = now;
        this.last = now;
    }

    /** Whether no orderer takes it any more, whatever its clock within the accepted difference: its creator's certificate has ended. */
    boolean isTakenNoMore(long now) {
        long oldest = now - 2 * Limits.CLOCK_SKEW;
        return Creators.takenUntil(transaction)
                .filter(until -> until.toEpochMilli() < oldest)
                .isPresent();
    }

    List<RunKey> keys() {
        return items.stream().map(item -> item.result().key()).toList();
    }

    /** What the contract says of each item, by its answer to the endorsement. */
    static Map<RunKey, Verdict> verdicts(List<Queued> items, String answer) {
        var list = CanonicalJson.read(answer, Verdicts.class).items();
        Map<RunKey, Verdict> verdicts = new HashMap<>();
        for (int i = 0; i < items.size() && i < list.size(); i++) {
            verdicts.put(items.get(i).result().key(), list.get(i).verdict());
        }
        return verdicts;
    }
}
