package dev.selvage.network.fabric;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.ConnectionProfile;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.Organisations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A native Fabric network on this machine: orderers, one peer for each organisation, one channel. Each step looks at what is there
 * first, so that bringing up again, after a stop or half a start, does only what is missing. The processes outlive this object unless
 * it is closed; another object for the same plan finds them by their records. Not thread-safe.
 */
public final class NativeFabric implements AutoCloseable {
    private final FabricPlan plan;
    private final Organisations organisations;
    private final FabricCommands commands;
    private final List<FabricNode> orderers = new ArrayList<>();
    private final Map<String, FabricNode> peers = new LinkedHashMap<>();

    /**
     * Writes organisations and configuration; nothing is started.
     *
     * @throws SelvageException CONFIG_INVALID when the folder holds another network
     */
    public NativeFabric(FabricBinaries binaries, FabricPlan plan, Clock clock) {
        this(binaries, plan, clock, (name, process, ports) -> {});
    }

    /**
     * The same for a caller that keeps its own book of processes.
     *
     * @param starts is told of each process that is started
     */
    public NativeFabric(FabricBinaries binaries, FabricPlan plan, Clock clock, Starts starts) {
        if (plan.profile() == FabricPlan.Profile.BFT && !binaries.version().startsWith("3.")) {
            throw new SelvageException(
                    ErrorCode.TOOL_MISSING, "the BFT profile needs Fabric 3, found " + binaries.version());
        }
        this.plan = plan;
        this.organisations = Organisations.open(plan.organizations(), plan.organisations(), clock);
        FabricSettings settings = new FabricSettings(plan, organisations);
        settings.write();
        this.commands = new FabricCommands(binaries, plan, organisations, settings.folder());
        for (int i = 0; i < plan.orderers().size(); i++) {
            orderers.add(new FabricNode(
                    "orderer" + i,
                    List.of(binaries.command("orderer").toString()),
                    plan.folder(),
                    plan.orderers().get(i).all(),
                    settings.ordererEnvironment(i),
                    starts));
        }
        for (Organisation organisation : organisations.peers()) {
            peers.put(
                    organisation.msp(),
                    new FabricNode(
                            "peer0." + organisation.domain(),
                            List.of(binaries.command("peer").toString(), "node", "start"),
                            plan.folder(),
                            plan.peers().get(organisation.msp()).all(),
                            settings.peerEnvironment(organisation),
                            starts));
        }
    }

    /**
     * Brings the network up; on return every node is healthy and has joined the channel.
     *
     * @throws SelvageException PORT_TAKEN; PROCESS_FAILED with the end of a node's log or a command's answer
     */
    public void up() {
        start();
        join();
        for (Organisation organisation : organisations.peers()) {
            try {
                new ConnectionProfile(organisation, peer(organisation.msp())).write();
            } catch (IOException e) {
                throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot write into " + organisation.folder(), e);
            }
        }
    }

    public Organisations organisations() {
        return organisations;
    }

    /** Where the organisation's gateway peer listens. */
    public HostPort peer(String msp) {
        return plan.peers().get(msp).address();
    }

    /** Where the first orderer listens. */
    public HostPort orderer() {
        return plan.orderers().get(0).address();
    }

    /** Hears of processes that were started. */
    @FunctionalInterface
    public interface Starts {
        void started(String name, ProcessHandle process, List<Integer> ports);
    }

    /** Number of blocks that the first organisation's peer has. */
    public long height() {
        String answer =
                commands.peer(organisations.peers().get(0), List.of("channel", "getinfo", "-c", plan.channel()));
        JsonNode info =
                CanonicalJson.parse(answer.substring(answer.indexOf('{')).strip());
        return info.path("height").asLong();
    }

    /**
     * How one node is.
     *
     * @param pid empty when it does not run
     * @param healthy what it says of itself
     * @param log where it writes
     */
    public record NodeStatus(String name, OptionalLong pid, boolean healthy, Path log) {}

    /** All nodes, orderers first. */
    public List<NodeStatus> status() {
        List<FabricNode> all = new ArrayList<>(orderers);
        all.addAll(peers.values());
        return all.stream()
                .map(node -> new NodeStatus(
                        node.name(),
                        node.running()
                                .map(handle -> OptionalLong.of(handle.pid()))
                                .orElse(OptionalLong.empty()),
                        node.running().isPresent() && node.healthy(),
                        node.log()))
                .toList();
    }

    /**
     * Installs each organisation's package on its peer, approves and commits, unless this sequence is committed already.
     *
     * @param packages by MSP; each names the server of that organisation's chaincode process
     * @param policy Fabric's notation; empty for the channel's default
     */
    public void deploy(
            String name, String version, long sequence, Map<String, ChaincodePackage> packages, String policy) {
        if (definitions().stream().anyMatch(held -> held.name().equals(name) && held.sequence() >= sequence)) {
            return;
        }
        List<String> definition = new ArrayList<>(List.of(
                "--channelID",
                plan.channel(),
                "--name",
                name,
                "--version",
                version,
                "--sequence",
                Long.toString(sequence)));
        if (!policy.isEmpty()) {
            definition.addAll(List.of("--signature-policy", policy));
        }
        List<String> everyPeer = new ArrayList<>();
        for (Organisation organisation : organisations.peers()) {
            ChaincodePackage pack = packages.get(organisation.msp());
            install(organisation, name, pack);
            commands.peer(organisation, lifecycle("approveformyorg", definition, List.of("--package-id", pack.id())));
            everyPeer.addAll(List.of("--peerAddresses", peer(organisation.msp()).toString()));
            everyPeer.addAll(List.of(
                    "--tlsRootCertFiles",
                    organisation.identity("peer0").tls().roots().toString()));
        }
        commands.peer(organisations.peers().get(0), lifecycle("commit", definition, everyPeer));
    }

    /** A chaincode's definition as the channel has agreed on it. */
    public record Definition(String name, String version, long sequence) {}

    /** The definitions committed on the channel. */
    public List<Definition> definitions() {
        String answer = commands.peer(
                organisations.peers().get(0),
                List.of("lifecycle", "chaincode", "querycommitted", "--channelID", plan.channel(), "--output", "json"));
        List<Definition> definitions = new ArrayList<>();
        for (JsonNode one : CanonicalJson.parse(answer).path("chaincode_definitions")) {
            definitions.add(new Definition(
                    one.path("name").asText(),
                    one.path("version").asText(),
                    one.path("sequence").asLong()));
        }
        return definitions;
    }

    /** Ends every node as an operator would; {@link #start} brings them back on the same data. */
    public void stop() {
        peers.values().forEach(FabricNode::stop);
        orderers.forEach(FabricNode::stop);
    }

    /** Ends every node with no chance to clean up. */
    public void kill() {
        peers.values().forEach(FabricNode::kill);
        orderers.forEach(FabricNode::kill);
    }

    /** Starts every node that does not run and waits until each is healthy. */
    public void start() {
        orderers.forEach(FabricNode::start);
        peers.values().forEach(FabricNode::start);
        orderers.forEach(FabricNode::awaitHealthy);
        peers.values().forEach(FabricNode::awaitHealthy);
    }

    private void join() {
        Path block = plan.folder().resolve(plan.channel() + ".block");
        commands.genesis(block);
        for (int i = 0; i < orderers.size(); i++) {
            commands.joinOrderer(i, block);
        }
        organisations.peers().forEach(organisation -> commands.joinPeer(organisation, block));
    }

    private void install(Organisation organisation, String name, ChaincodePackage pack) {
        Path file = plan.folder().resolve("packages").resolve(name + "-" + organisation.domain() + ".tar.gz");
        try {
            Files.createDirectories(file.getParent());
            Files.deleteIfExists(file);
            // a package for mutual TLS holds the peer's key
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file, pack.bytes());
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot write " + file, e);
        }
        commands.peer(organisation, List.of("lifecycle", "chaincode", "install", file.toString()));
    }

    private List<String> lifecycle(String command, List<String> definition, List<String> more) {
        List<String> arguments = new ArrayList<>(List.of("lifecycle", "chaincode", command));
        arguments.addAll(commands.orderer());
        arguments.addAll(definition);
        arguments.addAll(more);
        return arguments;
    }

    /** Stops every node. */
    @Override
    public void close() {
        stop();
    }
}
