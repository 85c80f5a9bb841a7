package dev.selvage.cli.internal.doctor;

import dev.selvage.agent.control.ControlClient;
import dev.selvage.agent.peer.MemberSigner;
import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.formats.config.Profile;
import dev.selvage.model.NodeId;
import java.util.LinkedHashMap;
import java.util.Map;

/** An organisation whose profile is here, with what of it answered. */
final class Side implements AutoCloseable {
    private final Profile profile;
    private final MemberSigner identity;
    private final ContractClient client;
    private final Map<NodeId, ControlClient> nodes = new LinkedHashMap<>();

    Side(Profile profile, MemberSigner identity, ContractClient client) {
        this.profile = profile;
        this.identity = identity;
        this.client = client;
    }

    String msp() {
        return profile.msp();
    }

    Profile profile() {
        return profile;
    }

    MemberSigner identity() {
        return identity;
    }

    ContractClient client() {
        return client;
    }

    /** Its nodes that run and answer. */
    Map<NodeId, ControlClient> nodes() {
        return nodes;
    }

    @Override
    public void close() {
        nodes.values().forEach(ControlClient::close);
        client.close();
    }
}
