package dev.selvage.network.fabric;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Local ports. */
final class Ports {
    private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();

    private Ports() {}

    static boolean taken(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(LOCAL, port));
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** That many different ports where nobody listens now. */
    static List<Integer> free(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            // all stay open until the last is drawn, so that none is drawn twice
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, LOCAL));
            }
            List<Integer> ports = held.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : held) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
