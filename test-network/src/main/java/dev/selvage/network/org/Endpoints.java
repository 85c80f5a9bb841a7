package dev.selvage.network.org;

import java.util.List;
import java.util.Map;

/**
 * Where a network listens.
 *
 * @param peers for each MSP the address of its first peer, which is its anchor peer as well
 * @param orderers the ordering nodes, in the order of their names orderer0, orderer1, ...
 */
public record Endpoints(Map<String, HostPort> peers, List<HostPort> orderers) {
    public Endpoints {
        peers = Map.copyOf(peers);
        orderers = List.copyOf(orderers);
    }
}
