package dev.selvage.network.contract;

import static java.util.stream.Collectors.joining;

import dev.selvage.network.assets.AssetContract;
import dev.selvage.network.fabric.OrphanGuard;
import dev.selvage.network.org.HostPort;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The asset chaincode as a service in its own JVM, with a class path that holds nothing but it and the shim. */
public final class ChaincodeProcess implements AutoCloseable {
    private static final List<String> NOT_THE_SHIM =
            List.of("junit", "assertj", "awaitility", "hamcrest", "mvstore", "fabric-gateway", "Corretto", "surefire");

    private final Process process;
    private final HostPort address;

    private ChaincodeProcess(Process process, HostPort address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Starts one and waits until it listens.
     *
     * @param packageId what the peer calls it; on the embedded ledger its name
     * @param address where it shall listen, see {@link #freeAddress}
     * @param folder for classes and log
     */
    public static ChaincodeProcess start(String packageId, HostPort address, Path folder) {
        try {
            Path classes = copyClasses(Files.createDirectories(folder).resolve("classes"));
            ProcessBuilder builder = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx96m",
                    "-cp",
                    classes + File.pathSeparator + jars(),
                    "org.hyperledger.fabric.contract.ContractRouter");
            builder.environment().clear();
            builder.environment().put("CHAINCODE_SERVER_ADDRESS", address.toString());
            builder.environment().put("CORE_CHAINCODE_ID_NAME", packageId);
            builder.environment().put("CORE_PEER_TLS_ENABLED", "false");
            builder.environment().put("CORE_CHAINCODE_LOGGING_LEVEL", "WARN");
            builder.environment().put("CORE_CHAINCODE_LOGGING_SHIM", "WARN");
            builder.redirectErrorStream(true)
                    .redirectOutput(folder.resolve("chaincode.log").toFile());
            ChaincodeProcess started = new ChaincodeProcess(OrphanGuard.watch(builder.start()), address);
            started.awaitListening(folder.resolve("chaincode.log"));
            return started;
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("cannot start the asset chaincode", e);
        }
    }

    public HostPort address() {
        return address;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    private void awaitListening(Path log) {
        Awaitility.await("the asset chaincode listens at " + address)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("the asset chaincode ended:\n" + Files.readString(log));
                    }
                    try (Socket socket = new Socket()) {
                        socket.connect(new InetSocketAddress(address.host(), address.port()), 200);
                        return true;
                    } catch (IOException notYet) {
                        return false;
                    }
                });
    }

    /** An address on this machine where nobody listens now. */
    public static HostPort freeAddress() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new HostPort("127.0.0.1", socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String jars() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .filter(entry -> NOT_THE_SHIM.stream().noneMatch(new File(entry).getName()::contains))
                .collect(joining(File.pathSeparator));
    }

    private static Path copyClasses(Path target) throws IOException, URISyntaxException {
        Path from = Path.of(AssetContract.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        String folder = AssetContract.class.getPackageName().replace('.', '/');
        try (Stream<Path> files = Files.walk(from.resolve(folder))) {
            files.filter(Files::isRegularFile).forEach(file -> {
                try {
                    Path copy = target.resolve(from.relativize(file).toString());
                    Files.createDirectories(copy.getParent());
                    if (!Files.exists(copy)) {
                        Files.copy(file, copy);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return target;
    }
}
