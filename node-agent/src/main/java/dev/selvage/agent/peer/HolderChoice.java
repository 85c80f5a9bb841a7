package dev.selvage.agent.peer;

import dev.selvage.agent.content.Incoming;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which holders are still worth asking. One that refuses for good, or alone sent wrong bytes, is not asked again; a refusal of the first, who
 * made the content, ends the search with the round. When bytes of several do not fit together, each starts from nothing from then on.
 */
final class HolderChoice {
    private final NodeId first;
    private final List<NodeId> left;
    private final Set<NodeId> senders = new HashSet<>();
    private boolean mixing = true;
    private boolean over;
    private SelvageException verdict;
    private SelvageException last;

    HolderChoice(List<NodeId> holders) {
        this.first = holders.isEmpty() ? null : holders.get(0);
        this.left = new ArrayList<>(holders);
    }

    /** Those to ask in the next round; nobody when the search is over. */
    List<NodeId> left() {
        return over ? List.of() : List.copyOf(left);
    }

    /** Why it failed: a refusal rather than an absence. */
    Optional<SelvageException> reason() {
        return Optional.ofNullable(verdict == null ? last : verdict);
    }

    /** Says that a holder is about to go on where the one before stopped. */
    void sends(NodeId holder, Incoming incoming) {
        if (!mixing && !senders.equals(Set.of(holder))) {
            restart(incoming);
        }
        if (incoming.offset() == 0) {
            senders.clear();
        }
        senders.add(holder);
    }

    /** Takes the failure into account, or throws it when it is this node's own. */
    void failed(NodeId holder, SelvageException fault, Incoming incoming) {
        if (fault.code() == ErrorCode.STORAGE_FULL || fault.code() == ErrorCode.INTERRUPTED) {
            throw fault;
        }
        last = fault;
        if (fault.code() == ErrorCode.DIGEST_MISMATCH) {
            verdict = fault;
            if (senders.size() == 1) {
                left.remove(holder);
            }
            mixing = false;
            restart(incoming);
        } else if (!fault.code().retryable()) {
            verdict = fault;
            left.remove(holder);
            over |= holder.equals(first);
        }
    }

    private void restart(Incoming incoming) {
        incoming.restart();
        senders.clear();
    }
}
