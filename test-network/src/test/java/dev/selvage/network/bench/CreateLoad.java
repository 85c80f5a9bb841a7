package dev.selvage.network.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.selvage.network.LedgerAdmin;
import dev.selvage.network.LedgerProcess;
import dev.selvage.network.LedgerStatus;
import dev.selvage.network.contract.ChaincodeProcess;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.OrganisationSigner;
import dev.selvage.network.org.Organisations;
import dev.selvage.network.org.SignaturePolicy;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.Status;
import org.hyperledger.fabric.client.identity.X509Identity;

/**
 * How many creates (one get, one put) a second the embedded ledger commits for one client with many in flight: everything on
 * this machine, in three processes. Arguments: endorsing organisations (1 or 2), in flight, seconds, of which a third more come before to warm up.
 */
public final class CreateLoad {
    private CreateLoad() {}

    public static void main(String[] args) throws Exception {
        int endorsers = args.length > 0 ? Integer.parseInt(args[0]) : 2;
        int inFlight = args.length > 1 ? Integer.parseInt(args[1]) : 64;
        int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 20;
        Path folder = Files.createTempDirectory("create-load");
        try (LedgerProcess ledger = LedgerProcess.startOptimised(folder, "--ports", "0,0,0", "--orderer-port", "0");
                ChaincodeProcess chaincode =
                        ChaincodeProcess.start("assets", freeAddress(), folder.resolve("chaincode"))) {
            Organisations organisations = Organisations.open(folder.resolve("organizations"), Clock.systemUTC());
            define(ledger, organisations, chaincode, endorsers);
            run(ledger, organisations, inFlight, seconds);
            ledger.stop();
        }
    }

    private static void define(
            LedgerProcess ledger, Organisations organisations, ChaincodeProcess chaincode, int endorsers) {
        Organisation ewr = organisations.get("EwrMSP");
        SignaturePolicy policy =
                SignaturePolicy.parse("OutOf(" + endorsers + ", 'EwrMSP.peer', 'JfkMSP.peer', 'LgaMSP.peer')");
        try (LedgerAdmin admin = LedgerAdmin.connect(
                ledger.peer("EwrMSP"), ewr.identity("peer0").tls().roots())) {
            admin.addChaincode("assets", "1.0", chaincode.address(), policy, ewr.signer("Admin"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> admin.status().chaincodes().stream().allMatch(LedgerStatus.Chaincode::connected));
        }
    }

    private static void run(LedgerProcess ledger, Organisations organisations, int inFlight, int seconds)
            throws Exception {
        Organisation ewr = organisations.get("EwrMSP");
        OrganisationSigner user = ewr.signer("User1");
        ManagedChannel channel = Grpc.newChannelBuilder(
                        ledger.peer("EwrMSP").toString(),
                        TlsChannelCredentials.newBuilder()
                                .trustManager(
                                        ewr.identity("peer0").tls().roots().toFile())
                                .build())
                .build();
        try (Gateway gateway = Gateway.newInstance()
                .connection(channel)
                .identity(new X509Identity(user.msp(), user.certificate()))
                .signer(user::signDigest)
                .connect()) {
            Contract contract = gateway.getNetwork("selvage").getContract("assets");
            measure("warm-up", contract, inFlight, Math.max(5, seconds / 3));
            measure("measured", contract, inFlight, seconds);
        } finally {
            channel.shutdownNow();
        }
    }

    private static void measure(String label, Contract contract, int inFlight, int seconds) throws Exception {
        AtomicInteger committed = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        AtomicLong next = new AtomicLong();
        List<Long> cpuBefore = cpuMillis();
        long[] latencies = new long[1_000_000];
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        ExecutorService threads = Executors.newFixedThreadPool(inFlight);
        List<Future<?>> workers = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < inFlight; i++) {
            workers.add(threads.submit(() -> {
                while (System.nanoTime() < end) {
                    long began = System.nanoTime();
                    Status status = contract.newProposal("CreateAsset")
                            .addArguments(
                                    (label + next.incrementAndGet()).getBytes(UTF_8),
                                    "ann".getBytes(UTF_8),
                                    "1".getBytes(UTF_8))
                            .build()
                            .endorse()
                            .submitAsync()
                            .getStatus();
                    (status.isSuccessful() ? committed : failed).incrementAndGet();
                    latencies[committed.get() % latencies.length] = System.nanoTime() - began;
                }
                return null;
            }));
        }
        for (Future<?> worker : workers) {
            worker.get();
        }
        double took = (System.nanoTime() - start) / 1e9;
        threads.shutdown();
        long[] sorted = Arrays.copyOf(latencies, Math.min(committed.get(), latencies.length));
        Arrays.sort(sorted);
        System.out.printf(
                "%s: %d in flight, %d committed, %d failed, %.0f tx/s, latency p50 %.1f ms, p99 %.1f ms%n",
                label,
                inFlight,
                committed.get(),
                failed.get(),
                committed.get() / took,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6);
        List<Long> cpuAfter = cpuMillis();
        String[] processes = {"client", "ledger", "chaincode"};
        for (int i = 0; i < processes.length; i++) {
            System.out.printf(
                    "  %s: %.3f ms CPU a transaction%n",
                    processes[i], (cpuAfter.get(i) - cpuBefore.get(i)) / (double) committed.get());
        }
    }

    /** This process, then the JVMs that it started, in the order of their start. */
    private static List<Long> cpuMillis() {
        List<Long> millis = new ArrayList<>();
        millis.add(millis(ProcessHandle.current()));
        ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("java"))
                .sorted(Comparator.comparing(
                        child -> child.info().startInstant().orElseThrow()))
                .forEach(child -> millis.add(millis(child)));
        return millis;
    }

    private static long millis(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
    }

    private static HostPort freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new HostPort("127.0.0.1", socket.getLocalPort());
        }
    }
}
