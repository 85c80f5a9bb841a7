package dev.selvage.network.fabric;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.OrganisationsPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where and how a native network runs: a peer for each organisation, and the orderers of a profile.
 *
 * @param folder for everything it writes
 * @param organizations folder of the organisations' keys
 * @param channel the channel's name
 * @param profile how blocks are ordered
 * @param organisations who takes part
 * @param peers ports of each organisation's peer, by MSP
 * @param orderers ports of each orderer
 * @param batchTimeout how long the orderers wait before they cut a block
 * @param gatewayLimit concurrent gateway calls of a peer
 */
public record FabricPlan(
        Path folder,
        Path organizations,
        String channel,
        Profile profile,
        OrganisationsPlan organisations,
        Map<String, PeerPorts> peers,
        List<OrdererPorts> orderers,
        Duration batchTimeout,
        int gatewayLimit) {

    /** How blocks are ordered, and the profile of that name in configtx.yaml. */
    public enum Profile {
        /** Survives crashes of fewer than half of the orderers; one is enough to try out. */
        RAFT("Raft", 1),
        /** SmartBFT: survives one of four orderers that crashes or lies. Fabric 3 only. */
        BFT("BFT", 4);

        private final String configtx;
        private final int orderers;

        Profile(String configtx, int orderers) {
            this.configtx = configtx;
            this.orderers = orderers;
        }

        String configtx() {
            return configtx;
        }
    }

    /** Ports of a peer: gateway and endorser, chaincode listener, operations. */
    public record PeerPorts(int peer, int chaincode, int operations) {
        public HostPort address() {
            return local(peer);
        }

        List<Integer> all() {
            return List.of(peer, chaincode, operations);
        }
    }

    /** Ports of an orderer: broadcast and deliver, channel participation, operations. */
    public record OrdererPorts(int orderer, int admin, int operations) {
        public HostPort address() {
            return local(orderer);
        }

        List<Integer> all() {
            return List.of(orderer, admin, operations);
        }
    }

    public FabricPlan {
        folder = folder.toAbsolutePath().normalize();
        organizations = organizations.toAbsolutePath().normalize();
        peers = Map.copyOf(peers);
        orderers = List.copyOf(orderers);
        if (orderers.size() < profile.orderers || orderers.size() != organisations.orderers()) {
            throw new SelvageException(
                    ErrorCode.CONFIG_INVALID,
                    "profile " + profile + " needs " + profile.orderers + " orderers, the plan has "
                            + organisations.orderers());
        }
        for (OrganisationsPlan.Name name : organisations.peers()) {
            if (!peers.containsKey(name.msp())) {
                throw new SelvageException(ErrorCode.CONFIG_INVALID, name.msp() + " has no ports");
            }
        }
    }

    /**
     * The usual ports: orderers 7050, 8050 and so on, peers 7051, 8051, 9051 and so on.
     *
     * @param shift added to every port
     */
    public static FabricPlan usual(Path folder, int organisations, Profile profile, int shift) {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < organisations; i++) {
            int base = shift + 7051 + i * 1000;
            ports.addAll(List.of(base, base + 1, base + 393));
        }
        for (int i = 0; i < profile.orderers; i++) {
            int base = shift + 7050 + i * 1000;
            ports.addAll(List.of(base, base + 3, base + 395));
        }
        return with(folder, organisations, profile, ports);
    }

    /** Any free ports, for tests that run beside other things. */
    public static FabricPlan onFreePorts(Path folder, int organisations, Profile profile) {
        return with(folder, organisations, profile, Ports.free(3 * (organisations + profile.orderers)));
    }

    /** The same with the organisations' keys in another place. */
    public FabricPlan withOrganizations(Path other) {
        return new FabricPlan(
                folder, other, channel, profile, organisations, peers, orderers, batchTimeout, gatewayLimit);
    }

    private static FabricPlan with(Path folder, int organisations, Profile profile, List<Integer> ports) {
        OrganisationsPlan plan = OrganisationsPlan.of(organisations).withOrderers(profile.orderers);
        Iterator<Integer> next = ports.iterator();
        Map<String, PeerPorts> peers = new LinkedHashMap<>();
        for (OrganisationsPlan.Name name : plan.peers()) {
            peers.put(name.msp(), new PeerPorts(next.next(), next.next(), next.next()));
        }
        List<OrdererPorts> orderers = new ArrayList<>();
        for (int i = 0; i < profile.orderers; i++) {
            orderers.add(new OrdererPorts(next.next(), next.next(), next.next()));
        }
        return new FabricPlan(
                folder,
                folder.resolve("organizations"),
                "selvage",
                profile,
                plan,
                peers,
                orderers,
                Duration.ofMillis(200),
                500);
    }

    static HostPort local(int port) {
        return new HostPort("127.0.0.1", port);
    }
}
