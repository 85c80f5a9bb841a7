package dev.selvage.agent;

import dev.selvage.agent.audit.Audits;
import dev.selvage.agent.content.ContentLimits;
import dev.selvage.agent.control.ControlService;
import dev.selvage.agent.control.NodeControl;
import dev.selvage.agent.data.RunDirectories;
import dev.selvage.agent.ledger.FabricLedger;
import dev.selvage.agent.ledger.Ledger;
import dev.selvage.agent.peer.ChannelRoots;
import dev.selvage.agent.peer.Entitlements;
import dev.selvage.agent.peer.MemberCheck;
import dev.selvage.agent.peer.PeerAddresses;
import dev.selvage.agent.peer.PeerLinks;
import dev.selvage.agent.peer.PeerServer;
import dev.selvage.agent.peer.PeerService;
import dev.selvage.agent.peer.ProbeService;
import dev.selvage.agent.peer.Probes;
import dev.selvage.agent.peer.UserResults;
import dev.selvage.agent.pipeline.Contract;
import dev.selvage.agent.pipeline.PipelineMetrics;
import dev.selvage.agent.pipeline.PipelineSetup;
import dev.selvage.agent.pipeline.TaskPipeline;
import dev.selvage.agent.read.LedgerContentFacts;
import dev.selvage.formats.config.HostPort;
import dev.selvage.model.Limits;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.MetadataApi;
import java.util.List;
import java.util.function.Consumer;

/** What an agent has once it has reached the ledger: its pipeline, its links to other nodes, and its server. */
final class Joined implements AutoCloseable {
    private static final int FETCHES_SERVED = 32;

    private final PeerLinks links;
    private final TaskPipeline pipeline;
    private final Ledger metadata;
    private final Audits audits;
    private final PeerServer server;

    /**
     * Puts it together and listens.
     *
     * @param configBlock the channel's, for whose certificates are the organisations'
     * @param stop ends the agent for good
     */
    Joined(AgentParts parts, byte[] configBlock, NodeControl control, Consumer<SelvageException> stop) {
        var config = parts.config();
        var roots = ChannelRoots.fromConfigBlock(configBlock);
        var tls = parts.tls();
        PeerAddresses addresses = node -> parts.model()
                .node(node)
                .map(info -> HostPort.parse(info.endpoint()))
                .map(HostPort::socketAddress);
        links = new PeerLinks(
                config.node(),
                parts.identity(),
                tls,
                roots,
                addresses,
                parts.store(),
                config.limits().fetches(),
                parts.clock());
        pipeline = pipeline(parts, stop);
        var contract = new Contract(parts.ledger());
        var facts = new LedgerContentFacts(parts.model(), task -> {
            var fact = contract.task(task).task();
            return new LedgerContentFacts.Known(
                    fact, contract.workflow(fact.workflow()).workflow());
        });
        var members = new MemberCheck(roots);
        var entitlements = new Entitlements(facts, parts.catalogue().grants());
        var results = new UserResults(config.node(), members, entitlements, facts, parts.store(), links, parts.clock());
        metadata = metadata(parts);
        audits = new Audits(new Audits.Parts(
                config.node(),
                config.follow().get(0).channel(),
                parts.identity(),
                metadata,
                config.data().resolve("anchors"),
                parts.model(),
                parts.store(),
                parts.catalogue(),
                members,
                facts,
                links,
                parts.clock()));
        var service =
                new PeerService(config.node(), members, entitlements, parts.store(), FETCHES_SERVED, parts.clock());
        StorageMetrics.register(parts.registry(), parts.store(), ContentLimits.DEFAULT, service);
        server = PeerServer.start(
                config.listen().socketAddress(),
                tls,
                roots,
                service,
                List.of(
                        new ControlService(
                                config.node(),
                                members,
                                control,
                                parts.model(),
                                parts.catalogue(),
                                results,
                                audits.functions(),
                                parts.clock()),
                        audits::forNodes,
                        new ProbeService(config.node(), links.probes(), parts.clock())::forNodes));
    }

    /** The ledger through the metadata contract. */
    private static Ledger metadata(AgentParts parts) {
        var config = parts.config();
        return new FabricLedger(
                FabricLedger.Place.of(config.ledger(), config.follow().get(0).channel(), MetadataApi.CHAINCODE),
                parts.identity(),
                parts.clock());
    }

    private TaskPipeline pipeline(AgentParts parts, Consumer<SelvageException> stop) {
        var config = parts.config();
        var threads = parts.threads();
        return new TaskPipeline(new PipelineSetup(
                config.node(),
                parts.creators()::contains,
                parts.ledger(),
                parts.journal(),
                parts.scheduler(),
                parts.engines(),
                parts.store(),
                parts.catalogue(),
                links,
                new RunDirectories(config.data().resolve("run")),
                new PipelineMetrics(parts.registry()),
                config.limits().transactions(),
                config.limits().batch(),
                Limits.CLOCK_SKEW,
                parts.clock(),
                threads::conduct,
                threads::work,
                threads::call,
                threads.fetchers(),
                stop));
    }

    TaskPipeline pipeline() {
        return pipeline;
    }

    /** Its anchors and audits; null before it has joined. */
    static Audits audits(Joined joined) {
        return joined == null ? null : joined.audits;
    }

    Probes probes() {
        return links.probes();
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        pipeline.stopping();
        server.close();
        audits.close();
        metadata.close();
        links.close();
    }
}
