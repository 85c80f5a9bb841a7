package dev.selvage.network.process;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Ports of the loopback address. */
public final class Ports {
    private static final int CONNECT_MILLIS = 500;

    private Ports() {}

    /**
     * Makes sure that all ports are free before anything is started.
     *
     * @param wanted who wants which port
     * @throws SelvageException PORT_TAKEN, naming every port that is taken and for what it was wanted
     */
    public static void requireFree(Map<Integer, String> wanted) {
        var taken = new TreeMap<Integer, String>();
        wanted.forEach((port, purpose) -> {
            if (!isFree(port)) {
                taken.put(port, purpose);
            }
        });
        if (!taken.isEmpty()) {
            throw new SelvageException(
                    ErrorCode.PORT_TAKEN,
                    Map.of("ports", taken.keySet().toString()),
                    "Another program listens on "
                            + taken.entrySet().stream()
                                    .map(entry ->
                                            "127.0.0.1:" + entry.getKey() + " (wanted for " + entry.getValue() + ")")
                                    .collect(Collectors.joining(", "))
                            + ". Stop it, or move all ports with --port-shift N.");
        }
    }

    /** Whether nobody listens there. */
    public static boolean isFree(int port) {
        try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** Whether somebody answers there. */
    public static boolean answers(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException nobody) {
            return false;
        }
    }

    /** That many different ports where nobody listens now. */
    public static List<Integer> free(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            // all stay open until the last is drawn, so that none is drawn twice
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
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
