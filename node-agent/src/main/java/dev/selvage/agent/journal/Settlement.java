package dev.selvage.agent.journal;

import dev.selvage.engine.RunKey;
import java.util.List;
import java.util.Map;

/**
 * What a block means for this node's own transactions and parts.
 *
 * @param closed own transactions whose code is known
 * @param settled parts with nothing left to do, and why: ACCEPTED, ADOPTED, CONFLICT, ENDED
 * @param reopened parts whose transaction was invalid and whose result goes out again
 * @param ended tasks that ended
 */
public record Settlement(List<String> closed, Map<RunKey, String> settled, List<RunKey> reopened, List<String> ended) {
    public static final Settlement NONE = new Settlement(List.of(), Map.of(), List.of(), List.of());

    public Settlement {
        closed = List.copyOf(closed);
        settled = Map.copyOf(settled);
        reopened = List.copyOf(reopened);
        ended = List.copyOf(ended);
    }
}
