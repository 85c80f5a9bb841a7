package dev.selvage.agent.peer;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.function.Function;

/** The answer to a question of access. */
public sealed interface Entitlement {
    /** Yes, because of this. */
    record Entitled(String because) implements Entitlement {}

    /**
     * No.
     *
     * @param code NOT_ENTITLED, CONTENT_UNKNOWN (the ledger names no such content, as far as this node has read it), GRANT_MISSING, NODE_REVOKED
     * @param sentence for the asker; gives nothing away that the asker may not know
     */
    record Refused(ErrorCode code, String sentence) implements Entitlement {}

    default <T> T fold(Function<Entitled, T> entitled, Function<Refused, T> refused) {
        return this instanceof Entitled yes ? entitled.apply(yes) : refused.apply((Refused) this);
    }

    /** Passes, or throws what {@link Refused} says. */
    default void require() {
        if (this instanceof Refused no) {
            throw new SelvageException(no.code(), no.sentence());
        }
    }
}
