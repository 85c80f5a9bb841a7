package dev.selvage.cli.internal.local;

import dev.selvage.cli.internal.process.JavaProgram;
import dev.selvage.cli.internal.process.Launcher;
import dev.selvage.cli.internal.process.Ports;
import dev.selvage.cli.internal.process.ProcessBook;
import dev.selvage.cli.internal.process.ProcessRecord;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.LedgerStatus;
import dev.selvage.network.fabric.ChaincodePackage;
import dev.selvage.network.fabric.FabricBinaries;
import dev.selvage.network.fabric.FabricPlan;
import dev.selvage.network.fabric.NativeFabric;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.Organisation;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Hyperledger Fabric in place of the embedded ledger: the same organisations, ports and profiles, one Raft orderer, a peer for each
 * organisation and a process of the contract for each peer, with mutual TLS between them.
 */
public final class LocalFabric {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int CHAINCODE_MEGABYTES = 128;
    private static final ServedChaincode CONTRACT = ServedChaincode.CONTRACT;

    private final NetworkPorts ports;
    private final ProcessBook book;
    private final FabricBinaries binaries;
    private final NativeFabric network;

    /**
     * Opens what is there; nothing is started.
     *
     * @throws SelvageException TOOL_MISSING
     */
    LocalFabric(DataFolder data, NetworkPorts ports, Path folder, ProcessBook book) {
        this.ports = ports;
        this.book = book;
        this.binaries = FabricBinaries.in(folder);
        var plan = FabricPlan.usual(
                        data.ledger().resolve("fabric"),
                        LocalLedger.ORGANISATIONS,
                        FabricPlan.Profile.RAFT,
                        ports.shift())
                .withOrganizations(data.ledger().resolve("crypto"));
        this.network = new NativeFabric(
                binaries,
                plan,
                Clock.systemUTC(),
                (name, process, used) -> book.add(ProcessRecord.of(name, ProcessRecord.Kind.LEDGER, process, used)));
    }

    /** {@code Fabric 3.1.5 (Raft)}. */
    public String kind() {
        return "Fabric " + binaries.version() + " (Raft)";
    }

    /** Starts the nodes and the contract's processes, and deploys the contract. */
    void up(Launcher launcher, Distribution distribution, Consumer<String> progress) {
        progress.accept("starting " + kind());
        network.up();
        serve(CONTRACT, launcher, distribution, progress);
    }

    /** Starts a chaincode's processes, one for each peer, and deploys it; what is there already stays. */
    void serve(ServedChaincode chaincode, Launcher launcher, Distribution distribution, Consumer<String> progress) {
        Map<String, ChaincodePackage> packages = new LinkedHashMap<>();
        List<Organisation> organisations = network.organisations().peers();
        for (int i = 0; i < organisations.size(); i++) {
            var organisation = organisations.get(i);
            var address = ports.chaincode(chaincode.place() + i);
            var pack = ChaincodePackage.mutualTls(
                    chaincode.chaincode(), new HostPort(address.host(), address.port()), organisation);
            packages.put(organisation.msp(), pack);
            start(chaincode, launcher, distribution, organisation, pack.id(), address.port(), progress);
        }
        for (var organisation : organisations) {
            var process = process(chaincode, organisation);
            var port = ports.chaincode(chaincode.place() + organisations.indexOf(organisation))
                    .port();
            Waiting.until(
                    () -> Ports.answers(port),
                    () -> book.running(process).isPresent() ? null : launcher.ended(process),
                    PATIENCE,
                    () -> new SelvageException(ErrorCode.PROCESS_FAILED, process + " does not listen."));
        }
        progress.accept("deploying " + chaincode.chaincode());
        network.deploy(chaincode.chaincode(), distribution.build().getProperty("version", "1"), 1, packages, "");
    }

    private void start(
            ServedChaincode chaincode,
            Launcher launcher,
            Distribution distribution,
            Organisation organisation,
            String id,
            int port,
            Consumer<String> progress) {
        var process = process(chaincode, organisation);
        if (book.running(process).isPresent()) {
            return;
        }
        Ports.requireFree(Map.of(port, chaincode.chaincode() + " of " + organisation.msp()));
        progress.accept("starting " + chaincode.chaincode() + " of " + organisation.msp());
        var tls = organisation.addNode("chaincode").tls();
        launcher.start(new JavaProgram(
                process,
                ProcessRecord.Kind.CHAINCODE,
                distribution.chaincode(chaincode.chaincode()),
                chaincode.mainClass(),
                List.of(
                        "--address",
                        "127.0.0.1:" + port,
                        "--id",
                        id,
                        "--tls-cert",
                        tls.certificate().toString(),
                        "--tls-key",
                        tls.key().toString(),
                        "--tls-client-ca",
                        tls.roots().toString()),
                Map.of(),
                Map.of("CORE_CHAINCODE_LOGGING_LEVEL", "WARN", "CORE_CHAINCODE_LOGGING_SHIM", "WARN"),
                CHAINCODE_MEGABYTES,
                "chaincode-" + chaincode.chaincode(),
                List.of(port)));
    }

    /** The ledger, if all its nodes run and are well. */
    Optional<LedgerStatus> status() {
        if (!network.status().stream().allMatch(NativeFabric.NodeStatus::healthy)) {
            return Optional.empty();
        }
        List<LedgerStatus.Chaincode> chaincodes = new ArrayList<>();
        var organisations = network.organisations().peers();
        for (var definition : network.definitions()) {
            var chaincode = ServedChaincode.named(definition.name());
            for (int i = 0; chaincode.isPresent() && i < organisations.size(); i++) {
                var organisation = organisations.get(i);
                chaincodes.add(new LedgerStatus.Chaincode(
                        definition.name(),
                        definition.version(),
                        definition.sequence(),
                        ports.chaincode(chaincode.get().place() + i).toString(),
                        "MAJORITY Endorsement (process of " + organisation.msp() + ")",
                        book.running(process(chaincode.get(), organisation)).isPresent()));
            }
        }
        return Optional.of(new LedgerStatus("selvage", network.height(), chaincodes));
    }

    /** Repeats what may fail while peers do not know each other yet. */
    static void patiently(Runnable step) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                step.run();
                return;
            } catch (SelvageException e) {
                if (!e.code().retryable() || System.nanoTime() > end) {
                    throw e;
                }
                try {
                    Thread.sleep(200);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new SelvageException(ErrorCode.INTERRUPTED, "Stopped while waiting.", interrupted);
                }
            }
        }
    }

    private static String process(ServedChaincode chaincode, Organisation organisation) {
        return "chaincode-" + chaincode.chaincode() + "-" + LocalLedger.shortName(organisation);
    }
}
