package dev.selvage.agent.peer;

import dev.selvage.model.NodeId;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Where nodes are reached: today by what they say of themselves on the ledger, later by other routes. Thread-safe. */
@FunctionalInterface
public interface PeerAddresses {
    /** The address; empty when the node is not known. */
    Optional<InetSocketAddress> find(NodeId node);
}
