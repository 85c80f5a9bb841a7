package dev.selvage.network;

import dev.selvage.model.CanonicalJson;
import dev.selvage.network.fabric.OrphanGuard;
import dev.selvage.network.org.HostPort;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** An embedded ledger in a process of its own, which can be stopped and killed. */
public final class LedgerProcess implements AutoCloseable {
    private final Process process;
    private final Map<String, HostPort> peers = new TreeMap<>();

    private LedgerProcess(Process process, String ready) {
        this.process = process;
        CanonicalJson.parse(ready)
                .get("peers")
                .properties()
                .forEach(peer ->
                        peers.put(peer.getKey(), HostPort.parse(peer.getValue().asText())));
    }

    /** Starts one that is up soon, and waits for its ready line. */
    public static LedgerProcess start(Path folder, String... options) throws IOException {
        return start(List.of("-XX:TieredStopAtLevel=1"), folder, options);
    }

    /** Starts one that becomes fast with time, for measurements. */
    public static LedgerProcess startOptimised(Path folder, String... options) throws IOException {
        return start(List.of(), folder, options);
    }

    private static LedgerProcess start(List<String> flags, Path folder, String... options) throws IOException {
        Files.createDirectories(folder);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-cp",
                System.getProperty("java.class.path"),
                EmbeddedLedgerMain.class.getName(),
                "--data",
                folder.toString()));
        command.addAll(1, flags);
        command.addAll(List.of(options));
        File log = folder.resolve("ledger.log").toFile();
        Process process = OrphanGuard.watch(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log))
                .start());
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        while (line != null && !line.startsWith("READY ")) {
            line = out.readLine();
        }
        if (line == null) {
            process.destroyForcibly();
            throw new IOException("the ledger did not start:\n" + Files.readString(log.toPath()));
        }
        return new LedgerProcess(process, line.substring("READY ".length()));
    }

    public HostPort peer(String msp) {
        return peers.get(msp);
    }

    /** The peers' ports, to start again on the same. */
    public String ports(List<String> msps) {
        return String.join(
                ",",
                msps.stream()
                        .map(msp -> Integer.toString(peers.get(msp).port()))
                        .toList());
    }

    /** SIGTERM. */
    public void stop() {
        process.destroy();
        await();
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        await();
    }

    private void await() {
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the ledger did not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
