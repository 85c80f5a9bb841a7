package dev.selvage.agent.journal;

import dev.selvage.engine.RunKey;
import dev.selvage.model.ContractApi.ResultItem;
import java.util.Optional;

/**
 * How far one of this node's parts is.
 *
 * @param foreignId the engine's own id of the run, once it gave one; else empty
 * @param result what goes on the ledger, once it is certified
 * @param verdict what became of it, once that is known; else empty
 */
public record PartRow(RunKey key, State state, String foreignId, Optional<ResultItem> result, String verdict) {
    /** Where a part stands. */
    public enum State {
        /** The engine has accepted the run. */
        ACCEPTED,
        /** The result is durable and never computed again. */
        CERTIFIED,
        /** The result is in a signed transaction. */
        SENT,
        /** Nothing is left to do. */
        SETTLED
    }
}
