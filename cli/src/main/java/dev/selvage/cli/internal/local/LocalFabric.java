package dev.selvage.cli.internal.local;

import dev.selvage.cli.internal.process.Launcher;
import dev.selvage.cli.internal.process.ProcessBook;
import dev.selvage.cli.internal.process.ProcessRecord;
import dev.selvage.formats.config.HostPort;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.LedgerStatus;
import dev.selvage.network.fabric.ChaincodePackage;
import dev.selvage.network.fabric.FabricBinaries;
import dev.selvage.network.fabric.FabricPlan;
import dev.selvage.network.fabric.NativeFabric;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.process.Ports;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Hyperledger Fabric in place of the embedded ledger: the same organisations, ports and profiles; for each peer a process of each
 * chaincode, with mutual TLS between them.
 */
public final class LocalFabric implements LedgerBackend {
    /** What the process of a chaincode is: of a peer of an organisation. */
    private record Service(ServedChaincode chaincode, String domain, int peer) {
        String process() {
            return "chaincode-" + chaincode.name() + "-" + LocalLedger.shortName(domain)
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
    private Optional<NativeFabric> network = Optional.empty();

    /**
     * Fabric with these binaries; nothing is looked at or started.
     *
     * @throws SelvageException TOOL_MISSING when they cannot run such a network
     */
    LocalFabric(
            DataFolder data,
            NetworkSettings settings,
            FabricBinaries binaries,
            Distribution distribution,
            ProcessBook book,
            Launcher launcher,
            Consumer<String> progress) {
        binaries.require(settings.profile());
        this.settings = settings;
        this.distribution = distribution;
        this.book = book;
        this.processes = new ChaincodeProcesses(distribution, book, launcher);
        this.progress = progress;
        this.binaries = binaries;
        this.plan = FabricPlan.usual(
                        data.ledger().resolve("fabric"),
                        settings.organisations(),
                        settings.peers(),
                        settings.profile(),
                        settings.portShift())
                .withOrganizations(data.ledger().resolve("crypto"));
    }

    /** The book as the network's nodes use it. */
    private static NativeFabric.Processes nodesOf(ProcessBook all) {
        return new NativeFabric.Processes() {
            @Override
            public void started(String name, ProcessHandle process, List<Integer> ports) {
                all.add(ProcessRecord.of(name, ProcessRecord.Kind.LEDGER, process, ports));
            }

            @Override
            public Optional<ProcessHandle> running(String name) {
                return all.running(name);
            }
        };
    }

    @Override
    public void prepare() {
        network = Optional.of(NativeFabric.prepare(binaries, plan, Clock.systemUTC(), nodesOf(book)));
    }

    /** The network as it is; empty when it was never prepared. */
    private Optional<NativeFabric> opened() {
        if (network.isEmpty()) {
            network = NativeFabric.open(binaries, plan, Clock.systemUTC(), nodesOf(book));
        }
        return network;
    }

    private NativeFabric prepared() {
        return opened().orElseThrow(() ->
                new SelvageException(ErrorCode.LEDGER_UNREACHABLE, "No network is prepared in " + plan.folder() + "."));
    }

    @Override
    public Map<Integer, String> ports() {
        var wanted = plan.nodePorts();
        for (var chaincode : distribution.chaincodes()) {
            for (var organisation : plan.organisations().peers()) {
                var ports = plan.peers().get(organisation.msp());
                for (int i = 0; i < ports.size(); i++) {
                    wanted.put(
                            ports.get(i).service(chaincode.place()).port(),
                            new Service(chaincode, organisation.domain(), i).process());
                }
            }
        }
        return wanted;
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
        prepare();
        prepared().up();
        distribution.chaincodes().forEach(this::add);
    }

    @Override
    public void add(ServedChaincode chaincode) {
        var fabric = prepared();
        Map<String, ChaincodePackage> packages = new LinkedHashMap<>();
        Map<Service, HostPort> services = new LinkedHashMap<>();
        for (var organisation : fabric.organisations().peers()) {
            var pack = pack(fabric, chaincode, organisation);
            packages.put(organisation.msp(), pack);
            var ports = plan.peers().get(organisation.msp());
            for (int i = 0; i < ports.size(); i++) {
                var service = new Service(chaincode, organisation.domain(), i);
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
        if (fabric.definitions().stream().noneMatch(held -> held.name().equals(chaincode.name()))) {
            progress.accept("deploying " + chaincode.name());
            fabric.deploy(chaincode.name(), distribution.build().getProperty("version", "1"), 1, packages, "");
        }
    }

    /** The package that was installed, which holds; else a new one, whose address each peer fills in. */
    private static ChaincodePackage pack(NativeFabric fabric, ServedChaincode chaincode, Organisation organisation) {
        var file = fabric.packageFile(chaincode.name(), organisation);
        return Files.exists(file)
                ? ChaincodePackage.read(chaincode.name(), file)
                : ChaincodePackage.mutualTls(chaincode.name(), "{{.chaincode" + chaincode.place() + "}}", organisation);
    }

    /** Orderers and peers, whether they run or not; none when nothing was prepared. */
    public List<NativeFabric.NodeStatus> nodes() {
        return opened().map(NativeFabric::status).orElse(List.of());
    }

    @Override
    public Optional<LedgerStatus> status() {
        return status(nodes());
    }

    /** The ledger as its nodes are; empty when no peer is healthy. */
    public Optional<LedgerStatus> status(List<NativeFabric.NodeStatus> nodes) {
        if (nodes.stream().noneMatch(node -> node.kind().equals("peer") && node.healthy())) {
            return Optional.empty();
        }
        List<LedgerStatus.Chaincode> chaincodes = new ArrayList<>();
        try {
            var served = distribution.served();
            for (var definition : prepared().definitions()) {
                served.stream()
                        .filter(chaincode -> chaincode.name().equals(definition.name()))
                        .forEach(chaincode -> chaincodes.addAll(services(chaincode, definition)));
                if (served.stream().noneMatch(chaincode -> chaincode.name().equals(definition.name()))) {
                    chaincodes.add(new LedgerStatus.Chaincode(
                            definition.name(),
                            definition.version(),
                            definition.sequence(),
                            "named in its package",
                            definition.policy(),
                            false));
                }
            }
        } catch (SelvageException silent) {
            return Optional.empty();
        }
        return Optional.of(new LedgerStatus(plan.channel(), height(nodes), chaincodes));
    }

    /** The most blocks that a peer says it has; 0 while none says. A peer that just starts, or has not joined, does not. */
    static long height(List<NativeFabric.NodeStatus> nodes) {
        return nodes.stream()
                .filter(node -> node.kind().equals("peer") && node.healthy())
                .flatMapToLong(node -> node.height().stream())
                .max()
                .orElse(0);
    }

    private List<LedgerStatus.Chaincode> services(ServedChaincode chaincode, NativeFabric.Definition definition) {
        List<LedgerStatus.Chaincode> services = new ArrayList<>();
        for (var organisation : plan.organisations().peers()) {
            var ports = plan.peers().get(organisation.msp());
            for (int i = 0; i < ports.size(); i++) {
                var service = new Service(chaincode, organisation.domain(), i);
                var address = ports.get(i).service(chaincode.place());
                services.add(new LedgerStatus.Chaincode(
                        definition.name(),
                        definition.version(),
                        definition.sequence(),
                        address.toString(),
                        definition.policy() + " (process of peer" + i + "." + organisation.domain() + ")",
                        book.running(service.process()).isPresent() && Ports.answers(address.port())));
            }
        }
        return services;
    }

    @Override
    public boolean settlesSlowly() {
        return true;
    }
}
