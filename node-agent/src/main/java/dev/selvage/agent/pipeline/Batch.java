package dev.selvage.agent.pipeline;

import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.Limits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Results that share a transaction, no more than the contract takes in one (rule 6). For one thread. */
final class Batch {
    /** The signer's key and whether it is revoked. */
    private static final int SIGNER = 2;

    private final List<Queued> items = new ArrayList<>();
    private final List<ResultItem> payload = new ArrayList<>();
    private final Set<String> shared = new HashSet<>();
    private int own = SIGNER;

    /** Results that are sent together whatever they weigh. */
    static Batch of(List<Queued> items, Function<Queued, Weighed> weigh) {
        Batch batch = new Batch();
        items.forEach(item -> batch.put(item, weigh.apply(item)));
        return batch;
    }

    /** Takes a result where there is room for it; the first one in any case. */
    boolean add(Queued item, Weighed weighed) {
        long more =
                weighed.shared().stream().filter(key -> !shared.contains(key)).count();
        if (!items.isEmpty() && roundTrips() + weighed.own() + more > Limits.ROUND_TRIPS) {
            return false;
        }
        put(item, weighed);
        return true;
    }

    private void put(Queued item, Weighed weighed) {
        items.add(item);
        payload.add(weighed.item());
        shared.addAll(weighed.shared());
        own += weighed.own();
    }

    /** What the contract counts for all of it. */
    int roundTrips() {
        return own + shared.size();
    }

    List<Queued> items() {
        return items;
    }

    List<ResultItem> payload() {
        return payload;
    }
}
