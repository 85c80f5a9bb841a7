package dev.selvage.agent.pipeline;

import dev.selvage.model.ContractApi.Step;
import dev.selvage.model.Digest;
import dev.selvage.model.NodeId;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Whose turn it is to close what results leave open (rule 3). Every node computes the same. */
final class Turns {
    private Turns() {}

    /**
     * This node's turn, from 0.
     *
     * @param first who goes first whatever its hash: the node whose result came last; null when there is none
     */
    static int of(NodeId self, NodeId first, Collection<NodeId> candidates, String task, String what) {
        List<NodeId> order = candidates.stream()
                .filter(node -> !node.equals(first))
                .sorted(Comparator.comparing(node -> hash(task, what, node)))
                .toList();
        if (self.equals(first)) {
            return 0;
        }
        return order.indexOf(self) + (first == null || !candidates.contains(first) ? 0 : 1);
    }

    /** What a step is about, for the hash. */
    static String about(Step step) {
        return step.subTask() == null ? "" : step.subTask();
    }

    private static Digest hash(String task, String what, NodeId node) {
        return Digest.of((task + "/" + what + "/" + node).getBytes(StandardCharsets.UTF_8));
    }
}
