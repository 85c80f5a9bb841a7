package dev.selvage.network.fabric;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.OrganisationsPlan;
import dev.selvage.network.process.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where and how a native network runs: each organisation's peers, and the orderers of a profile.
 *
 * @param folder for everything it writes
 * @param organizations folder of the organisations' keys
 * @param channel the channel's name
 * @param profile how blocks are ordered
 * @param organisations who takes part
 * @param peers ports of each organisation's peers, by MSP; at least one each
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
        Map<String, List<PeerPorts>> peers,
        List<OrdererPorts> orderers,
        Duration batchTimeout,
        int gatewayLimit) {
    /** How many chaincode servers have a port of their own beside each peer in {@link #usual}. */
    public static final int SERVICES = 9;

    private static final int FIRST_ORDERER = 7050;
    private static final int FIRST_PEER = 7051;
    private static final int NEXT_ORGANISATION = 1000;
    private static final int NEXT_PEER = 100;
    /** How many organisations {@link #usual} has ports for. */
    public static final int MOST_ORGANISATIONS = 9;

    /** How many peers of each. */
    public static final int MOST_PEERS = 4;

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

        /** How many orderers {@link FabricPlan#usual} has. */
        public int orderers() {
            return orderers;
        }

        String configtx() {
            return configtx;
        }
    }

    /**
     * Ports of a peer.
     *
     * @param peer gateway and endorser
     * @param chaincode where chaincodes dial in; nobody does here
     * @param operations health and measures
     * @param services the first of {@link FabricPlan#SERVICES} ports for chaincode servers
     */
    public record PeerPorts(int peer, int chaincode, int operations, int services) {
        public HostPort address() {
            return local(peer);
        }

        List<Integer> all() {
            return List.of(peer, chaincode, operations);
        }

        /** Where the chaincode server of that place listens for this peer. */
        public HostPort service(int place) {
            return local(services + place);
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

        List<Integer> served() {
            return List.of(orderer, admin);
        }
    }

    public FabricPlan {
        folder = folder.toAbsolutePath().normalize();
        organizations = organizations.toAbsolutePath().normalize();
        peers = peers.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> List.copyOf(entry.getValue())));
        orderers = List.copyOf(orderers);
        if (orderers.size() < profile.orderers || orderers.size() != organisations.orderers()) {
            throw new SelvageException(
                    ErrorCode.CONFIG_INVALID,
                    "profile " + profile + " needs " + profile.orderers + " orderers, the plan has "
                            + organisations.orderers());
        }
        for (OrganisationsPlan.Name name : organisations.peers()) {
            if (peers.getOrDefault(name.msp(), List.of()).isEmpty()) {
                throw new SelvageException(ErrorCode.CONFIG_INVALID, name.msp() + " has no ports");
            }
        }
    }

    /**
     * The usual ports: orderers 7050, 8050 and so on; the organisations' first peers 7051, 8051 and so on, their second ones 7151, 8151;
     * the chaincode servers of a peer from 10 above it.
     *
     * @param peers of each organisation
     * @param shift added to every port
     */
    public static FabricPlan usual(Path folder, int organisations, int peers, Profile profile, int shift) {
        if (organisations < 1 || organisations > MOST_ORGANISATIONS || peers < 1 || peers > MOST_PEERS) {
            throw new SelvageException(
                    ErrorCode.CONFIG_INVALID,
                    "a network here has 1 to " + MOST_ORGANISATIONS + " organisations with 1 to " + MOST_PEERS
                            + " peers each, not " + organisations + " with " + peers);
        }
        List<PeerPorts> peerPorts = new ArrayList<>();
        for (int i = 0; i < organisations; i++) {
            for (int k = 0; k < peers; k++) {
                int base = shift + usualPeer(i, k);
                peerPorts.add(new PeerPorts(base, base + 1, base + 393, base + 10));
            }
        }
        List<OrdererPorts> orderers = new ArrayList<>();
        for (int i = 0; i < profile.orderers; i++) {
            int base = shift + usualOrderer(i);
            orderers.add(new OrdererPorts(base, base + 3, base + 395));
        }
        return with(folder, organisations, peers, profile, peerPorts, orderers);
    }

    /** The port of a peer in {@link #usual} without a shift. */
    public static int usualPeer(int organisation, int peer) {
        return FIRST_PEER + organisation * NEXT_ORGANISATION + peer * NEXT_PEER;
    }

    /** The port of an orderer in {@link #usual} without a shift. */
    public static int usualOrderer(int number) {
        return FIRST_ORDERER + number * NEXT_ORGANISATION;
    }

    /** Any free ports, for tests that run beside other things; one peer each. */
    public static FabricPlan onFreePorts(Path folder, int organisations, Profile profile) {
        return onFreePorts(folder, organisations, 1, profile);
    }

    /**
     * Any free ports.
     *
     * @param peers of each organisation; one port for a chaincode server is kept beside each, at place 0
     */
    public static FabricPlan onFreePorts(Path folder, int organisations, int peers, Profile profile) {
        Iterator<Integer> next =
                Ports.free(4 * organisations * peers + 3 * profile.orderers).iterator();
        List<PeerPorts> peerPorts = new ArrayList<>();
        for (int i = 0; i < organisations * peers; i++) {
            peerPorts.add(new PeerPorts(next.next(), next.next(), next.next(), next.next()));
        }
        List<OrdererPorts> orderers = new ArrayList<>();
        for (int i = 0; i < profile.orderers; i++) {
            orderers.add(new OrdererPorts(next.next(), next.next(), next.next()));
        }
        return with(folder, organisations, peers, profile, peerPorts, orderers);
    }

    /** The same with the organisations' keys in another place. */
    public FabricPlan withOrganizations(Path other) {
        return new FabricPlan(
                folder, other, channel, profile, organisations, peers, orderers, batchTimeout, gatewayLimit);
    }

    /** Where nodes write, and commands that failed. */
    public Path logs() {
        return folder.resolve("logs");
    }

    /** The channel's first block. */
    Path genesis() {
        return folder.resolve(channel + ".block");
    }

    /** Every port that a node of the network listens on, and for which node. */
    public Map<Integer, String> nodePorts() {
        Map<Integer, String> wanted = new TreeMap<>();
        for (int i = 0; i < orderers.size(); i++) {
            String name = "orderer" + i;
            orderers.get(i).all().forEach(port -> wanted.put(port, name));
        }
        for (OrganisationsPlan.Name organisation : organisations.peers()) {
            List<PeerPorts> ports = peers.get(organisation.msp());
            for (int i = 0; i < ports.size(); i++) {
                String name = "peer" + i + "." + organisation.domain();
                ports.get(i).all().forEach(port -> wanted.put(port, name));
            }
        }
        return wanted;
    }

    private static FabricPlan with(
            Path folder,
            int organisations,
            int each,
            Profile profile,
            List<PeerPorts> ports,
            List<OrdererPorts> orderers) {
        OrganisationsPlan plan = OrganisationsPlan.of(organisations).withOrderers(profile.orderers);
        Map<String, List<PeerPorts>> peers = new LinkedHashMap<>();
        for (int i = 0; i < organisations; i++) {
            peers.put(plan.peers().get(i).msp(), ports.subList(i * each, (i + 1) * each));
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
