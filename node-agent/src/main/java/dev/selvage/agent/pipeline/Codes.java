package dev.selvage.agent.pipeline;

import dev.selvage.engine.RunKey;
import java.util.List;
import java.util.Map;

/**
 * What the validation codes of a block mean for own results.
 *
 * @param closed transactions whose fate is known
 * @param settled parts with nothing left to do, and why
 * @param reopened results that go out again
 * @param accepted results that are on the ledger
 */
record Codes(List<String> closed, Map<RunKey, String> settled, List<Queued> reopened, List<Queued> accepted) {
    List<RunKey> reopenedKeys() {
        return reopened.stream().map(item -> item.result().key()).toList();
    }
}
