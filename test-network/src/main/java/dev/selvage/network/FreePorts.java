package dev.selvage.network;

import dev.selvage.network.org.Endpoints;
import dev.selvage.network.org.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Fills in ports that the configuration leaves open. They must be known before anything listens: the config block names them. */
final class FreePorts {
    private FreePorts() {}

    static Endpoints fill(EmbeddedLedgerConfig config) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            Map<String, HostPort> peers = new LinkedHashMap<>();
            for (int i = 0; i < config.peerPorts().size(); i++) {
                peers.put(
                        config.organisations().peers().get(i).msp(),
                        address(config, config.peerPorts().get(i), held));
            }
            return new Endpoints(peers, List.of(address(config, config.ordererPort(), held)));
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    private static HostPort address(EmbeddedLedgerConfig config, int port, List<ServerSocket> held) throws IOException {
        if (port != 0) {
            return new HostPort(config.host(), port);
        }
        // kept open until all are drawn, so that none is drawn twice
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(config.host()));
        held.add(socket);
        return new HostPort(config.host(), socket.getLocalPort());
    }
}
