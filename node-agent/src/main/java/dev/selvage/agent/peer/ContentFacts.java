package dev.selvage.agent.peer;

import dev.selvage.model.Digest;
import java.util.List;

/** What the ledger says of content, as far as this node has read it. Answers come from the read model and are fast. Thread-safe. */
public interface ContentFacts {
    /** Every place where a committed result names this digest as an output; a task made by retry counts too. Empty when none is known. */
    List<ContentPlace> places(Digest digest);

    /** Whether an organisation revoked the key. */
    boolean revoked(String msp, Digest spki);
}
