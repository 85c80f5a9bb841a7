package dev.selvage.network.fabric;

import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.OrganisationsPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where and how a native Raft network runs: a peer for each organisation, one or more orderers.
 *
 * @param folder for everything it writes
 * @param channel the channel's name
 * @param organisations who takes part
 * @param peers ports of each organisation's peer, by MSP
 * @param orderers ports of each orderer
 * @param batchTimeout how long the orderer waits before it cuts a block
 * @param gatewayLimit concurrent gateway calls of a peer
 */
public record FabricPlan(
        Path folder,
        String channel,
        OrganisationsPlan organisations,
        Map<String, PeerPorts> peers,
        List<OrdererPorts> orderers,
        Duration batchTimeout,
        int gatewayLimit) {

    /** Ports of a peer: gateway and endorser, chaincode listener, operations. */
    public record PeerPorts(int peer, int chaincode, int operations) {
        public HostPort address() {
            return local(peer);
        }
    }

    /** Ports of an orderer: broadcast and deliver, channel participation, operations. */
    public record OrdererPorts(int orderer, int admin, int operations) {
        public HostPort address() {
            return local(orderer);
        }
    }

    public FabricPlan {
        folder = folder.toAbsolutePath().normalize();
        peers = Map.copyOf(peers);
        orderers = List.copyOf(orderers);
    }

    /** The usual ports: orderer 7050, peers 7051, 8051, 9051 and so on. */
    public static FabricPlan usual(Path folder, OrganisationsPlan organisations) {
        Map<String, PeerPorts> peers = new LinkedHashMap<>();
        int base = 7051;
        for (OrganisationsPlan.Name name : organisations.peers()) {
            peers.put(name.msp(), new PeerPorts(base, base + 1, base + 393));
            base += 1000;
        }
        List<OrdererPorts> orderers = new ArrayList<>();
        for (int i = 0; i < organisations.orderers(); i++) {
            orderers.add(new OrdererPorts(7050 + i * 1000, 7053 + i * 1000, 7443 + i * 1000));
        }
        return new FabricPlan(folder, "selvage", organisations, peers, orderers, Duration.ofMillis(200), 500);
    }

    /** Any free ports, for tests that run beside other things. */
    public static FabricPlan onFreePorts(Path folder, OrganisationsPlan organisations) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            Map<String, PeerPorts> peers = new LinkedHashMap<>();
            for (OrganisationsPlan.Name name : organisations.peers()) {
                peers.put(name.msp(), new PeerPorts(free(held), free(held), free(held)));
            }
            List<OrdererPorts> orderers = new ArrayList<>();
            for (int i = 0; i < organisations.orderers(); i++) {
                orderers.add(new OrdererPorts(free(held), free(held), free(held)));
            }
            return new FabricPlan(folder, "selvage", organisations, peers, orderers, Duration.ofMillis(200), 500);
        } finally {
            for (ServerSocket socket : held) {
                close(socket);
            }
        }
    }

    static HostPort local(int port) {
        return new HostPort("127.0.0.1", port);
    }

    private static int free(List<ServerSocket> held) {
        try {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            held.add(socket);
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
