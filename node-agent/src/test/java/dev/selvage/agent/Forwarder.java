package dev.selvage.agent;

import dev.selvage.formats.config.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Hands TCP connections on, until it is cut; a peer that dies and comes back, as seen by its clients. */
final class Forwarder implements AutoCloseable {
    private final InetSocketAddress target;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private ServerSocket server;

    Forwarder(String host, int port) {
        this.target = new InetSocketAddress(host, port);
        this.port = FreePort.next();
        restore();
    }

    HostPort address() {
        return new HostPort("127.0.0.1", port);
    }

    /** How many connections go through it. */
    int connections() {
        return sockets.size() / 2;
    }

    /** Refuses connections from now on and ends those that are there. */
    void cut() {
        close(server);
        sockets.forEach(Forwarder::close);
        sockets.clear();
    }

    void restore() {
        try {
            var listening = new ServerSocket();
            listening.setReuseAddress(true);
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            server = listening;
            start(() -> accept(listening));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Socket peer = new Socket();
                sockets.add(client);
                sockets.add(peer);
                peer.connect(target);
                start(() -> pipe(client, peer));
                start(() -> pipe(peer, client));
            } catch (IOException cut) {
                // closed, or the target is away: the next connection shows
            }
        }
    }

    private void pipe(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException cut) {
            // one end is gone, and so is the other
        }
        sockets.remove(from);
        sockets.remove(to);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "forwarder");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception ignored) {
            // it is gone either way
        }
    }

    @Override
    public void close() {
        cut();
    }
}
