package dev.selvage.agent.pipeline;

import dev.selvage.agent.journal.Journal;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi.Deployment;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation;
import dev.selvage.model.SelvageException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Workflows with their operations, checked against their digests once and then kept. Thread-safe. */
final class Deployments {
    private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);
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

    /** The files of a workflow, from memory or the journal; empty when the ledger would have to be asked. */
    Optional<Deployment> known(Digest workflow) {
        synchronized (kept) {
            var known = kept.get(workflow);
            if (known != null) {
                return Optional.of(known);
            }
        }
        var journalled = journal.deployment(workflow).map(found -> checked(workflow, found));
        journalled.ifPresent(found -> keep(workflow, found));
        return journalled;
    }

    /** Takes the argument of a deployment that is on the ledger, so that its first task need not be asked for. */
    void offer(String argument) {
        try {
            var deployment = CanonicalJson.read(argument, Deployment.class);
            Digest workflow = deployment.workflow().digest();
            keep(workflow, checked(workflow, deployment));
        } catch (SelvageException e) {
            LOG.warn("a workflow that was deployed cannot be read: {}", e.sentence());
        }
    }

    /**
     * The files of a workflow, from memory, the journal or the ledger.
     *
     * @throws SelvageException DIGEST_MISMATCH, and the ledger's faults
     */
    Deployment get(Digest workflow) {
        return known(workflow).orElseGet(() -> keep(workflow, checked(workflow, contract.workflow(workflow))));
    }

    private Deployment keep(Digest workflow, Deployment deployment) {
        synchronized (kept) {
            kept.put(workflow, deployment);
        }
        return deployment;
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
