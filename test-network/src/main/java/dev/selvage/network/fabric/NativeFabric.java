package dev.selvage.network.fabric;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.ConnectionProfile;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.Organisations;
import dev.selvage.network.process.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A native Fabric network on this machine: orderers, each organisation's peers, one channel. Each step looks at what is there
 * first, so that bringing up again, after a stop or half a start, does only what is missing. The processes outlive this object unless
 * it is closed; another object for the same plan finds them by the caller's book of processes. Not thread-safe.
 */
public final class NativeFabric implements AutoCloseable {
    private static final Duration ELECTION = Duration.ofSeconds(60);

    private final FabricPlan plan;
    private final Organisations organisations;
    private final FabricCommands commands;
    private final FabricDeployment deployment;
    private final List<FabricNode> orderers;
    private final Map<PeerPlace, FabricNode> peers;

    private NativeFabric(
            FabricPlan plan,
            Organisations organisations,
            FabricCommands commands,
            FabricDeployment deployment,
            List<FabricNode> orderers,
            Map<PeerPlace, FabricNode> peers) {
        this.plan = plan;
        this.organisations = organisations;
        this.commands = commands;
        this.deployment = deployment;
        this.orderers = List.copyOf(orderers);
        this.peers = peers;
    }

    /**
     * Makes what a network needs and lacks, keys and configuration, for one whose processes end with this one at the latest. Nothing is
     * started.
     *
     * @throws SelvageException as {@link #prepare(FabricBinaries, FabricPlan, Clock, Processes)}
     */
    public static NativeFabric prepare(FabricBinaries binaries, FabricPlan plan, Clock clock) {
        return prepare(binaries, plan, clock, new GuardedProcesses());
    }

    /**
     * The same for a caller that keeps a book of processes, which then outlive this one. One at a time may do this to a folder.
     *
     * @throws SelvageException CONFIG_INVALID when the folder holds another network, or the data of one with other keys; TOOL_MISSING
     */
    public static NativeFabric prepare(FabricBinaries binaries, FabricPlan plan, Clock clock, Processes processes) {
        binaries.require(plan.profile());
        Organisations organisations = Organisations.open(plan.organizations(), plan.organisations(), clock);
        DataKeys.require(plan, organisations);
        List<PeerPlace> places = places(plan, organisations);
        for (PeerPlace place : places) {
            ChaincodePackage.identities(place.organisation());
            place.organisation().addPeer("peer" + place.index());
        }
        new FabricSettings(plan, organisations).write(places, binaries);
        return of(binaries, plan, organisations, processes);
    }

    /** Opens a network that was prepared before, and changes nothing; empty when there is none. */
    public static Optional<NativeFabric> open(
            FabricBinaries binaries, FabricPlan plan, Clock clock, Processes processes) {
        Path last = StepFiles.file(plan, "network");
        return Files.exists(last)
                ? Optional.of(of(binaries, plan, Organisations.open(plan.organizations(), clock), processes))
                : Optional.empty();
    }

    private static NativeFabric of(
            FabricBinaries binaries, FabricPlan plan, Organisations organisations, Processes processes) {
        FabricSettings settings = new FabricSettings(plan, organisations);
        List<PeerPlace> places = places(plan, organisations);
        FabricCommands commands = new FabricCommands(binaries, plan, organisations, settings);
        List<FabricNode> orderers = new ArrayList<>();
        for (int i = 0; i < plan.orderers().size(); i++) {
            FabricPlan.OrdererPorts ports = plan.orderers().get(i);
            orderers.add(new FabricNode(
                    new FabricNode.Description(
                            "orderer" + i,
                            List.of(binaries.command("orderer").toString()),
                            ports.all(),
                            ports.served(),
                            organisations
                                    .orderer()
                                    .identity("orderer" + i)
                                    .tls()
                                    .roots(),
                            settings.ordererEnvironment(i)),
                    plan,
                    processes));
        }
        Map<PeerPlace, FabricNode> peers = new LinkedHashMap<>();
        for (PeerPlace place : places) {
            FabricNode.Description description = new FabricNode.Description(
                    place.name(),
                    List.of(binaries.command("peer").toString(), "node", "start"),
                    place.ports().all(),
                    List.of(place.ports().peer()),
                    place.identity().tls().roots(),
                    settings.peerEnvironment(place));
            peers.put(place, new FabricNode(description, plan, processes));
        }
        return new NativeFabric(
                plan, organisations, commands, new FabricDeployment(plan, commands, places), orderers, peers);
    }

    private static List<PeerPlace> places(FabricPlan plan, Organisations organisations) {
        List<PeerPlace> places = new ArrayList<>();
        for (Organisation organisation : organisations.peers()) {
            List<FabricPlan.PeerPorts> ports = plan.peers().get(organisation.msp());
            for (int i = 0; i < ports.size(); i++) {
                places.add(new PeerPlace(organisation, i, ports.get(i)));
            }
        }
        return places;
    }

    /**
     * Brings the network up; on return every node is healthy and has joined the channel, and the orderers have a leader.
     *
     * @throws SelvageException PORT_TAKEN; PROCESS_FAILED with the end of a node's log or a command's answer
     */
    public void up() {
        start();
        join();
        for (Organisation organisation : organisations.peers()) {
            try {
                new ConnectionProfile(organisation, peers(organisation.msp())).write();
            } catch (IOException e) {
                throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot write into " + organisation.folder(), e);
            }
        }
    }

    public Organisations organisations() {
        return organisations;
    }

    /** Where the organisation's first gateway peer listens. */
    public HostPort peer(String msp) {
        return peers(msp).get(0);
    }

    /** Where the organisation's peers listen. */
    public List<HostPort> peers(String msp) {
        return plan.peers().get(msp).stream().map(FabricPlan.PeerPorts::address).toList();
    }

    /** Where the first orderer listens. */
    public HostPort orderer() {
        return plan.orderers().get(0).address();
    }

    /** The book of the network's processes. */
    public interface Processes {
        /** A process was started. */
        void started(String name, ProcessHandle process, List<Integer> ports);

        /** The process of that name, if it runs. */
        Optional<ProcessHandle> running(String name);
    }

    /**
     * How one node is.
     *
     * @param kind {@code orderer} or {@code peer}
     * @param msp its organisation
     * @param address where clients reach it
     * @param pid empty when it does not run
     * @param healthy what it says of itself
     * @param height how many of the channel's blocks it has; empty when it does not say
     * @param leader whether it leads the orderers
     * @param log where it writes
     */
    public record NodeStatus(
            String name,
            String kind,
            String msp,
            HostPort address,
            OptionalLong pid,
            boolean healthy,
            OptionalLong height,
            boolean leader,
            Path log) {}

    /** All nodes, orderers first; each is asked at the same time. */
    public List<NodeStatus> status() {
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < orderers.size(); i++) {
            all.add(new Asked(
                    orderers.get(i),
                    "orderer",
                    organisations.orderer().msp(),
                    plan.orderers().get(i).address()));
        }
        peers.forEach((place, node) ->
                all.add(new Asked(node, "peer", place.organisation().msp(), place.address())));
        List<Answer> answers = all.parallelStream().map(NativeFabric::ask).toList();
        String leader = leader(answers);
        return answers.stream().map(answer -> status(answer, leader)).toList();
    }

    private record Asked(FabricNode node, String kind, String msp, HostPort address) {}

    private record Answer(Asked asked, Optional<ProcessHandle> process, boolean healthy, String measures) {}

    private static Answer ask(Asked asked) {
        FabricNode node = asked.node();
        Optional<ProcessHandle> process = node.running();
        boolean healthy = process.isPresent() && node.operations().healthy();
        return new Answer(
                asked, process, healthy, healthy ? node.operations().measures().orElse("") : "");
    }

    private NodeStatus status(Answer answer, String leader) {
        Asked asked = answer.asked();
        return new NodeStatus(
                asked.node().name(),
                asked.kind(),
                asked.msp(),
                asked.address(),
                answer.process().map(handle -> OptionalLong.of(handle.pid())).orElse(OptionalLong.empty()),
                answer.healthy(),
                measure(answer, "ledger_blockchain_height"),
                answer.healthy() && asked.node().name().equals(leader),
                asked.node().log());
    }

    /** The orderer that leads; empty for none. With BFT the latest view counts: a leader that was away does not know of it. */
    private String leader(List<Answer> answers) {
        if (plan.profile() == FabricPlan.Profile.BFT) {
            return answers.stream()
                    .filter(answer -> measure(answer, "consensus_BFT_leader_id").orElse(0) > 0)
                    .max(Comparator.comparingLong(answer ->
                            measure(answer, "consensus_smartbft_view_number").orElse(0)))
                    .map(answer -> "orderer"
                            + (measure(answer, "consensus_BFT_leader_id").orElse(0) - 1))
                    .orElse("");
        }
        return answers.stream()
                .filter(answer ->
                        measure(answer, "consensus_etcdraft_is_leader").orElse(0) == 1)
                .map(answer -> answer.asked().node().name())
                .findFirst()
                .orElse("");
    }

    private OptionalLong measure(Answer answer, String name) {
        return NodeOperations.of(answer.measures(), name, plan.channel());
    }

    /**
     * Installs each organisation's package on its peers, approves and commits, unless this sequence is committed already.
     *
     * @param packages by MSP; each names the server of that organisation's chaincode process
     * @param policy Fabric's notation; empty for the channel's default
     */
    public void deploy(
            String name, String version, long sequence, Map<String, ChaincodePackage> packages, String policy) {
        if (definitions().stream().noneMatch(held -> held.name().equals(name) && held.sequence() >= sequence)) {
            deployment.deploy(name, version, sequence, packages, policy);
        }
    }

    /** Where the package that {@link #deploy} installed is kept. */
    public Path packageFile(String chaincode, Organisation organisation) {
        return deployment.packageFile(chaincode, organisation);
    }

    /**
     * A chaincode's definition as the channel has agreed on it.
     *
     * @param policy who must endorse: Fabric's notation, or the name of a policy of the channel
     */
    public record Definition(String name, String version, long sequence, String policy) {}

    /** The definitions committed on the channel, as a peer that runs knows them. */
    public List<Definition> definitions() {
        return deployment.definitions(peers.entrySet().stream()
                .filter(peer -> peer.getValue().operations().healthy())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new SelvageException(ErrorCode.LEDGER_UNREACHABLE, "no peer runs")));
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

    /** The ports of the nodes that do not run, and for which node each is wanted. */
    private Map<Integer, String> wantedPorts() {
        Map<Integer, String> wanted = plan.nodePorts();
        Set<String> running = new HashSet<>();
        Stream.concat(orderers.stream(), peers.values().stream())
                .filter(node -> node.running().isPresent())
                .forEach(node -> running.add(node.name()));
        wanted.values().removeAll(running);
        return wanted;
    }

    /**
     * Starts every node that does not run and waits until each is healthy.
     *
     * @throws SelvageException PORT_TAKEN before anything is started, with all ports that are taken
     */
    public void start() {
        Ports.requireFree(wantedPorts());
        orderers.forEach(FabricNode::start);
        peers.values().forEach(FabricNode::start);
        orderers.forEach(FabricNode::awaitHealthy);
        peers.values().forEach(FabricNode::awaitHealthy);
    }

    private void join() {
        Path block = plan.genesis();
        commands.genesis(block);
        for (int i = 0; i < orderers.size(); i++) {
            commands.joinOrderer(i, block);
        }
        peers.keySet().forEach(place -> commands.joinPeer(place, block));
        awaitLeader();
    }

    private void awaitLeader() {
        long until = System.nanoTime() + ELECTION.toNanos();
        while (status().stream().noneMatch(NodeStatus::leader)) {
            if (System.nanoTime() > until) {
                throw new SelvageException(
                        ErrorCode.PROCESS_FAILED,
                        "the orderers have no leader after " + ELECTION.toSeconds() + " s; their logs are "
                                + orderers.stream().map(FabricNode::log).toList());
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    /** Stops every node. */
    @Override
    public void close() {
        stop();
    }
}
