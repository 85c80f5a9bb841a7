package dev.selvage.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * The values under the contract's keys (LEDGER.md, "Keys"). Times are the transaction's, in milliseconds since 1970 UTC; txid is the
 * transaction that wrote the fact.
 */
public final class Facts {
    private Facts() {}

    /**
     * {@code workflow/{digest}/{sub}}: what a result or an Advance needs of the workflow, in one read.
     *
     * @param dependencies sub-tasks that this one waits for
     * @param dependents sub-tasks that wait for this one, with what they wait for
     * @param endsTask whether a result of this sub-task's only part ends the task: it is the lone leaf and every sub-task runs on success
     */
    public record SubTaskFact(
            String name, SubTask subTask, List<String> dependencies, List<Dependent> dependents, boolean endsTask) {
        public SubTaskFact {
            dependencies = dependencies == null
                    ? List.of()
                    : dependencies.stream().sorted().distinct().toList();
            dependents = dependents == null ? List.of() : List.copyOf(dependents);
        }
    }

    /**
     * A sub-task that waits for another.
     *
     * @param dependencies all that it waits for
     * @param byResult whether a result may make it ready (rules 1 and 2): all dependencies have one part, and it pins no state
     */
    public record Dependent(String name, List<String> dependencies, SubTask.RunIf runIf, boolean byResult) {}

    /** {@code nodeKey/{msp}/{node}/{spki}}: a key by which a node signs. The public key is base64 of the SubjectPublicKeyInfo. */
    public record NodeKeyFact(NodeId node, Digest spki, String publicKey, String registeredBy, long at, String txid) {}

    /** {@code revoked/{msp}/{node}/{spki}}: the key is never accepted again. */
    public record RevocationFact(NodeId node, Digest spki, Party by, long at, String txid) {}

    /**
     * {@code nodeInfo/{msp}/{node}}: what a node says of itself.
     *
     * @param endpoint host:port of its peer link
     * @param operations digests of what it offers, by operation id
     * @param capacity what it has for runs
     */
    public record NodeInfoFact(
            NodeId node,
            String endpoint,
            Map<String, Digest> operations,
            SubTask.Requirement capacity,
            long at,
            String txid) {
        public NodeInfoFact {
            operations = Workflow.sorted(operations);
        }
    }

    /**
     * Who did something.
     *
     * @param msp the organisation
     * @param id the certificate's common name
     */
    public record Party(String msp, String id) {
        /** {@code User1@EwrMSP}: what a common name such as User1@ewr.example says of the organisation is left out. */
        @Override
        public String toString() {
            int at = id.indexOf('@');
            return (at > 0 ? id.substring(0, at) : id) + "@" + msp;
        }
    }

    /**
     * {@code task/{id}}.
     *
     * @param arguments completed with defaults
     * @param approvals MSPs that must approve before it starts
     * @param retryOf the ended task that this one continues; null for a fresh one
     * @param cited accepted results of earlier tasks that stand for parts of this one, by sub-task, in order of the index
     */
    public record TaskFact(
            String id,
            Digest workflow,
            String name,
            String version,
            Party creator,
            JsonNode arguments,
            Binding binding,
            List<String> approvals,
            List<String> cancel,
            String retryOf,
            Map<String, List<Citation>> cited,
            long at,
            String txid) {
        public TaskFact {
            approvals = approvals == null ? List.of() : List.copyOf(approvals);
            cancel = cancel == null ? List.of() : List.copyOf(cancel);
            cited = Workflow.sorted(cited);
            arguments = arguments == null ? CanonicalJson.object() : arguments;
        }

        /** The earlier task whose result stands for this part; null where the part is this task's own. */
        public String citedTask(String subTask, int index) {
            for (Citation citation : cited.getOrDefault(subTask, List.of())) {
                if (citation.parts().contains(index)) {
                    return citation.task();
                }
            }
            return null;
        }

        /** How many parts of a sub-task are cited from earlier tasks. */
        public int citedCount(String subTask) {
            return cited.getOrDefault(subTask, List.of()).stream()
                    .mapToInt(citation -> citation.parts().count())
                    .sum();
        }
    }

    /**
     * Parts whose accepted results an earlier task holds.
     *
     * @param task the task that computed them
     */
    public record Citation(String task, PartRange parts) {}

    /** {@code approval/{task}/{msp}}. */
    public record ApprovalFact(String task, Party by, long at, String txid) {}

    /**
     * {@code ready/{task}/{sub}/1} and {@code ready/{task}/{sub}/{attempt}/{index}}: parts that may run.
     *
     * @param parts what is to run: all parts that are not cited, or the one part of a later attempt
     * @param notBefore earliest start; from here the deadlines run (rule 8): the latest time of what it waited for, and a retry's pause
     * @param pinned digests of the pinned state inputs, by input
     */
    public record ReadyFact(
            String task,
            String subTask,
            int attempt,
            List<PartRange> parts,
            long notBefore,
            Map<String, Digest> pinned,
            long at,
            String txid) {
        public ReadyFact {
            parts = List.copyOf(parts);
            pinned = Workflow.sorted(pinned);
        }
    }

    /**
     * An output as the ledger names it.
     *
     * @param digest of the bytes, or salted (rule 13)
     * @param size in bytes
     */
    public record OutputFact(Digest digest, long size, String mediaType, boolean salted) {}

    /** Evidence that an engine or an audit adds to a result. */
    public record EvidenceFact(String kind, Digest digest, String verdict) {}

    /**
     * {@code result/{task}/{sub}/{index}/{attempt}/{role}}.
     *
     * @param node null when Expire wrote it on the node's behalf
     * @param failure null for a success
     * @param measures queuedMs, fetchMs, runMs, publishMs, readMs, rowsRead, bytes
     */
    public record ResultFact(
            String task,
            String subTask,
            int index,
            int attempt,
            String role,
            NodeId node,
            Outcome outcome,
            Map<String, OutputFact> outputs,
            Failure failure,
            EngineId engine,
            Map<String, PinnedRead> reads,
            List<EvidenceFact> evidence,
            Map<String, Long> measures,
            long at,
            String txid) {
        public ResultFact {
            outputs = Workflow.sorted(outputs);
            reads = Workflow.sorted(reads);
            evidence = evidence == null ? List.of() : List.copyOf(evidence);
            measures = Workflow.sorted(measures);
        }
    }

    /** Which engine ran. */
    public record EngineId(String engine, String version) {}

    /** Chain state that the node read itself ({@code pin: read}): what, and at which height. */
    public record PinnedRead(Digest digest, long height) {}

    /**
     * {@code done/{task}/{sub}/{index}}: the one thing that dependents read.
     *
     * @param result the key of the result that decided it ({@link Keys#part}); of a cited part it is the earlier task's
     * @param code the failure's code; null for a success
     * @param at never before what the part waited for, so that times along a workflow do not run backwards
     */
    public record DoneFact(int attempt, Outcome outcome, String result, String code, long at) {}

    /** {@code end/{task}}. */
    public record EndFact(TaskState state, String code, String message, Party by, long at, String txid) {}

    /** {@code conflict/...}: a second result of an attempt that differs from the accepted one. */
    public record ConflictFact(
            String task,
            String subTask,
            int index,
            int attempt,
            String role,
            Party by,
            Digest differing,
            long at,
            String txid) {}

    /**
     * {@code todo/...}.
     *
     * @param attempt 1 means every part that the plan gives to the node, whatever the index
     */
    public record TodoFact(String task, String subTask, int attempt, int index, long at) {}
}
