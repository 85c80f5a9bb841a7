package dev.selvage.agent.audit;

import dev.selvage.integrity.audit.MalformedProofException;
import dev.selvage.model.NodeId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** What a buyer's node asks of a prover's. Faults are the prover's own, and PEER_UNREACHABLE for what is the link's. Thread-safe; calls block. */
interface AuditSteps {
    /** Takes what comes in. */
    interface Reading<T> {
        T from(InputStream in) throws IOException, MalformedProofException;
    }

    /** Lets the holder put its number on the ledger. */
    void answer(NodeId holder, String audit);

    /** Asks for the proof of a revealed challenge. */
    <T> T prove(NodeId holder, String audit, Duration patience, Reading<T> reading) throws MalformedProofException;
}
