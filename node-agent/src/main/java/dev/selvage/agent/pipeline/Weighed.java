package dev.selvage.agent.pipeline;

import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.Keys;
import java.util.List;
import java.util.Set;

/**
 * A result as it is sent, with the round trips that the contract counts for it (rule 6).
 *
 * @param shared keys that are read once for all results of a transaction which need them
 * @param own round trips for this result alone
 */
record Weighed(ResultItem item, Set<String> shared, int own) {
    /** The result itself, read and written, and what is done by it. */
    static final int RESULT = 3;

    /** A result of a task of which no more is known. */
    static Weighed alone(ResultItem item) {
        return new Weighed(item, Set.of(Keys.task(item.task()), Keys.end(item.task())), RESULT);
    }

    /** The same result without the dependents that it names. */
    Weighed bare() {
        return new Weighed(item.opening(List.of()), shared, own);
    }
}
