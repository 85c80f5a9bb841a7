package dev.selvage.cli.internal.local;

import dev.selvage.cli.internal.process.Launcher;
import dev.selvage.cli.internal.process.ProcessBook;
import dev.selvage.cli.internal.process.ProcessRecord;
import dev.selvage.formats.config.HostPort;
import dev.selvage.model.SelvageException;
import dev.selvage.network.LedgerStatus;
import dev.selvage.network.fabric.ChaincodePackage;
import dev.selvage.network.fabric.FabricBinaries;
import dev.selvage.network.fabric.FabricPlan;
import dev.selvage.network.fabric.NativeFabric;
import dev.selvage.network.org.Organisation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Hyperledger Fabric in place of the embedded ledger: the same organisations, ports and profiles; for each peer a process of each
 * chaincode, with mutual TLS between them.
 */
public final class LocalFabric implements LedgerBackend {
    /** What the process of a chaincode is: of a peer of an organisation. */
    private record Service(ServedChaincode chaincode, Organisation organisation, int peer) {
        String process() {
            return "chaincode-" + chaincode.name() + "-" + LocalLedger.shortName(organisation)
                    + (peer == 0 ? "" : "-peer" + peer);
        }
    }

    private final NetworkSettings settings;
    private final Distribution distribution;
    private final ProcessBook book;
    private final ChaincodeProcesses processes;
    private final Consumer<String> progress;
    private final FabricBinaries binaries;
    private final FabricPlan plan;
    private final NativeFabric network;

    /**
     * Opens what is there; nothing is started.
     *
     * @throws SelvageException TOOL_MISSING
     */
    LocalFabric(
            DataFolder data,
            Distribution distribution,
            ProcessBook book,
            Launcher launcher,
            Consumer<String> progress) {
        this.settings = NetworkSettings.read(data);
        this.distribution = distribution;
        this.book = book;
        this.processes = new ChaincodeProcesses(distribution, book, launcher);
        this.progress = progress;
        this.binaries = FabricBinaries.in(Path.of(settings.fabric()));
        this.plan = FabricPlan.usual(
                        data.ledger().resolve("fabric"),
                        settings.organisations(),
                        settings.peers(),
                        settings.profile(),
                        settings.portShift())
                .withOrganizations(data.ledger().resolve("crypto"));
        this.network = new NativeFabric(
                binaries,
                plan,
                Clock.systemUTC(),
                (name, process, used) -> book.add(ProcessRecord.of(name, ProcessRecord.Kind.LEDGER, process, used)));
    }

    @Override
    public String kind() {
        return "Fabric " + binaries.version() + " ("
                + (settings.profile() == FabricPlan.Profile.BFT ? "four BFT orderers" : "Raft") + ")";
    }

    @Override
    public void up(Runnable meanwhile) {
        progress.accept("starting " + kind());
        meanwhile.run();
        network.up();
        distribution.chaincodes().forEach(this::add);
    }

    @Override
    public void add(ServedChaincode chaincode) {
        Map<String, ChaincodePackage> packages = new LinkedHashMap<>();
        Map<Service, HostPort> services = new LinkedHashMap<>();
        for (var organisation : network.organisations().peers()) {
            var pack = pack(chaincode, organisation);
            packages.put(organisation.msp(), pack);
            var ports = plan.peers().get(organisation.msp());
            for (int i = 0; i < ports.size(); i++) {
                var service = new Service(chaincode, organisation, i);
                var listens = ports.get(i).service(chaincode.place());
                var address = new HostPort(listens.host(), listens.port());
                services.put(service, address);
                var tls = ChaincodePackage.server(organisation);
                if (processes.start(service.process(), chaincode, address, pack.id(), tls)) {
                    progress.accept("starting " + service.process());
                }
            }
        }
        services.forEach((service, address) -> processes.await(service.process(), address));
        if (network.definitions().stream().noneMatch(held -> held.name().equals(chaincode.name()))) {
            progress.accept("deploying " + chaincode.name());
            network.deploy(chaincode.name(), distribution.build().getProperty("version", "1"), 1, packages, "");
        }
    }

    /** The package that was installed, which holds; else a new one, whose address each peer fills in. */
    private ChaincodePackage pack(ServedChaincode chaincode, Organisation organisation) {
        var file = network.packageFile(chaincode.name(), organisation);
        return Files.exists(file)
                ? ChaincodePackage.read(chaincode.name(), file)
                : ChaincodePackage.mutualTls(chaincode.name(), "{{.chaincode" + chaincode.place() + "}}", organisation);
    }

    /** Orderers and peers, whether they run or not. */
    public List<NativeFabric.NodeStatus> nodes() {
        return network.status();
    }

    @Override
    public Optional<LedgerStatus> status() {
        var peers = network.status().stream()
                .filter(node -> node.kind().equals("peer") && node.healthy())
                .toList();
        if (peers.isEmpty()) {
            return Optional.empty();
        }
        List<LedgerStatus.Chaincode> chaincodes = new ArrayList<>();
        try {
            var served = distribution.served();
            for (var definition : network.definitions()) {
                served.stream()
                        .filter(chaincode -> chaincode.name().equals(definition.name()))
                        .forEach(chaincode -> chaincodes.addAll(services(chaincode, definition)));
                if (served.stream().noneMatch(chaincode -> chaincode.name().equals(definition.name()))) {
                    chaincodes.add(new LedgerStatus.Chaincode(
                            definition.name(),
                            definition.version(),
                            definition.sequence(),
                            "named in its package",
                            "as agreed on the channel",
                            false));
                }
            }
        } catch (SelvageException silent) {
            return Optional.empty();
        }
        long height = peers.stream()
                .map(NativeFabric.NodeStatus::height)
                .mapToLong(OptionalLong::getAsLong)
                .max()
                .orElse(0);
        return Optional.of(new LedgerStatus(plan.channel(), height, chaincodes));
    }

    private List<LedgerStatus.Chaincode> services(ServedChaincode chaincode, NativeFabric.Definition definition) {
        List<LedgerStatus.Chaincode> services = new ArrayList<>();
        for (var organisation : network.organisations().peers()) {
            var ports = plan.peers().get(organisation.msp());
            for (int i = 0; i < ports.size(); i++) {
                var service = new Service(chaincode, organisation, i);
                services.add(new LedgerStatus.Chaincode(
                        definition.name(),
                        definition.version(),
                        definition.sequence(),
                        ports.get(i).service(chaincode.place()).toString(),
                        "MAJORITY Endorsement (process of peer" + i + "." + organisation.domain() + ")",
                        book.running(service.process()).isPresent()));
            }
        }
        return services;
    }

    @Override
    public boolean settlesSlowly() {
        return true;
    }
}
