package dev.selvage.network.fabric;

import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.IdentityFiles;
import dev.selvage.network.org.Organisation;

/**
 * One peer of the plan.
 *
 * @param index among the organisation's peers; 0 is the one that administrators use
 */
record PeerPlace(Organisation organisation, int index, FabricPlan.PeerPorts ports) {
    /** {@code peer0.ewr.example}. */
    String name() {
        return id() + "." + organisation.domain();
    }

    HostPort address() {
        return ports.address();
    }

    IdentityFiles identity() {
        return organisation.identity(id());
    }

    private String id() {
        return "peer" + index;
    }
}
