package dev.selvage.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports for what a test starts a moment later: below those that the system gives out itself, and others for each JVM that tests run in. */
final class FreePort {
    private static final int BAND = 8_000;
    private static final int FIRST = 10_000 + (Integer.getInteger("tests.jvm", 1) - 1) % 2 * BAND;
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(BAND));

    private FreePort() {}

    static int next() {
        for (int tries = 0; tries < BAND; tries++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), BAND);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException taken) {
                // the next one
            }
        }
        throw new IllegalStateException("no free port");
    }
}
