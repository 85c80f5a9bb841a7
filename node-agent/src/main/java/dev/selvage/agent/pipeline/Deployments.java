package dev.selvage.agent.pipeline;

import dev.selvage.agent.journal.Journal;
import dev.selvage.model.ContractApi.Deployment;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation;
import dev.selvage.model.SelvageException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Workflows with their operations, checked against their digests once and then kept. Thread-safe. */
final class Deployments {
    private static final int KEPT = 128;

    private final Contract contract;
    private final Journal journal;
    private final Map<Digest, Deployment> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Deployment> eldest) {
            return size() > KEPT;
        }
    };

    Deployments(Contract contract, Journal journal) {
        this.contract = contract;
        this.journal = journal;
    }

    /**
     * The files of a workflow, from memory, the journal or the ledger.
     *
     * @throws SelvageException DIGEST_MISMATCH, and the ledger's faults
     */
    Deployment get(Digest workflow) {
        synchronized (kept) {
            var known = kept.get(workflow);
            if (known != null) {
                return known;
            }
        }
        var found = checked(workflow, journal.deployment(workflow).orElseGet(() -> contract.workflow(workflow)));
        synchronized (kept) {
            kept.put(workflow, found);
        }
        return found;
    }

    private static Deployment checked(Digest digest, Deployment deployment) {
        if (!deployment.workflow().digest().equals(digest)) {
            throw new SelvageException(
                    ErrorCode.DIGEST_MISMATCH, "The workflow that was read is not that of the digest " + digest + ".");
        }
        Map<String, Operation> operations = deployment.operations().stream()
                .collect(Collectors.toMap(Operation::operation, operation -> operation));
        deployment.workflow().operations().forEach((id, pinned) -> {
            if (!operations.containsKey(id) || !operations.get(id).digest().equals(pinned)) {
                throw new SelvageException(
                        ErrorCode.DIGEST_MISMATCH, "The operation " + id + " that was read is not that of its digest.");
            }
        });
        return deployment;
    }
}
