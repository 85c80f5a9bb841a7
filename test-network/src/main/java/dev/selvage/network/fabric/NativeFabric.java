package dev.selvage.network.fabric;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.Organisations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A native Fabric network on this machine: one Raft orderer (or more), one peer for each organisation, one channel. The first {@link
 * #up} makes organisations, genesis block and channel; a later one on the same folder starts what is there. Not thread-safe.
 */
public final class NativeFabric implements AutoCloseable {
    private final FabricPlan plan;
    private final Organisations organisations;
    private final FabricCommands commands;
    private final List<FabricNode> orderers = new ArrayList<>();
    private final Map<String, FabricNode> peers = new LinkedHashMap<>();

    private NativeFabric(FabricBinaries binaries, FabricPlan plan, Clock clock) {
        this.plan = plan;
        this.organisations = Organisations.open(plan.folder().resolve("organizations"), plan.organisations(), clock);
        FabricSettings settings = new FabricSettings(plan, organisations);
        settings.write();
        this.commands = new FabricCommands(binaries, plan, organisations, settings.folder());
        Path logs = plan.folder().resolve("logs");
        for (int i = 0; i < plan.orderers().size(); i++) {
            orderers.add(new FabricNode(
                    "orderer" + i,
                    List.of(binaries.command("orderer").toString()),
                    logs,
                    FabricPlan.local(plan.orderers().get(i).operations()),
                    settings.ordererEnvironment(i)));
        }
        for (Organisation organisation : organisations.peers()) {
            peers.put(
                    organisation.msp(),
                    new FabricNode(
                            "peer0." + organisation.domain(),
                            List.of(binaries.command("peer").toString(), "node", "start"),
                            logs,
                            FabricPlan.local(
                                    plan.peers().get(organisation.msp()).operations()),
                            settings.peerEnvironment(organisation)));
        }
    }

    /**
     * Brings the network up; on return every node is healthy and has joined the channel.
     *
     * @throws SelvageException PROCESS_FAILED with the end of a node's log or a command's answer
     */
    public static NativeFabric up(FabricBinaries binaries, FabricPlan plan, Clock clock) {
        NativeFabric fabric = new NativeFabric(binaries, plan, clock);
        try {
            fabric.start();
            fabric.join();
            return fabric;
        } catch (RuntimeException e) {
            fabric.close();
            throw e;
        }
    }

    public Organisations organisations() {
        return organisations;
    }

    /** Where the organisation's gateway peer listens. */
    public HostPort peer(String msp) {
        return plan.peers().get(msp).address();
    }

    /**
     * Installs each organisation's package on its peer, approves and commits.
     *
     * @param packages by MSP; each names the server of that organisation's chaincode process
     * @param policy Fabric's notation; empty for the channel's default
     */
    public void deploy(
            String name, String version, long sequence, Map<String, ChaincodePackage> packages, String policy) {
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

    /** Starts every node and waits until each is healthy. */
    public void start() {
        orderers.forEach(FabricNode::start);
        peers.values().forEach(FabricNode::start);
        orderers.forEach(FabricNode::awaitHealthy);
        peers.values().forEach(FabricNode::awaitHealthy);
    }

    private void join() {
        Path joined = plan.folder().resolve("joined");
        if (Files.exists(joined)) {
            return;
        }
        Path block = plan.folder().resolve(plan.channel() + ".block");
        commands.genesis(block);
        for (int i = 0; i < orderers.size(); i++) {
            commands.joinOrderer(i, block);
        }
        for (Organisation organisation : organisations.peers()) {
            commands.peer(organisation, List.of("channel", "join", "-b", block.toString()));
        }
        try {
            Files.writeString(joined, plan.channel() + "\n");
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot write " + joined, e);
        }
    }

    private void install(Organisation organisation, String name, ChaincodePackage pack) {
        Path file = plan.folder().resolve("packages").resolve(name + "-" + organisation.domain() + ".tar.gz");
        try {
            Files.createDirectories(file.getParent());
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

    @Override
    public void close() {
        stop();
    }
}
