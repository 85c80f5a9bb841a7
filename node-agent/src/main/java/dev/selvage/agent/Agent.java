package dev.selvage.agent;

import dev.selvage.agent.audit.AuditEngine;
import dev.selvage.agent.content.ContentLimits;
import dev.selvage.agent.content.ContentStore;
import dev.selvage.agent.data.DataCatalogue;
import dev.selvage.agent.journal.Journal;
import dev.selvage.agent.ledger.FabricLedger;
import dev.selvage.agent.ledger.FaultRule;
import dev.selvage.agent.ledger.Ledger;
import dev.selvage.agent.ledger.LedgerBlock;
import dev.selvage.agent.monitor.MonitorServer;
import dev.selvage.agent.peer.IdentityCheck;
import dev.selvage.agent.peer.MemberSigner;
import dev.selvage.agent.peer.PeerTls;
import dev.selvage.agent.peer.Probes;
import dev.selvage.agent.pipeline.Engines;
import dev.selvage.agent.pipeline.Pauses;
import dev.selvage.agent.pipeline.TaskPipeline;
import dev.selvage.agent.read.ReadModel;
import dev.selvage.engine.StandardEngine;
import dev.selvage.formats.config.HostPort;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.scheduler.Resources;
import dev.selvage.scheduler.Scheduler;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's daemon. It is crash-only: {@link #close} leaves what runs to the next start, just as kill -9 does, and the outcome is the same.
 * Thread-safe.
 */
public final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final long TICK_MS = 50;
    private static final long FIRST_PAUSE_MS = 200;
    private static final long LONGEST_PAUSE_MS = 5_000;
    private static final long BEAT_MS = 1_000;
    private static final long WATCH_MS = 2_000;
    private static final int SPARE_CALLS = 8;
    private static final long ANSWER_SECONDS = 10;

    private final NodeConfig config;
    private final EngineSource source;
    private final Clock clock;
    /** What is closed at the end, the last first. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private final CompletableFuture<SelvageException> stopped = new CompletableFuture<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final StandardEngine auditing = AuditEngine.open(() -> Joined.audits(this.joined));
    private final Answers answers = new Answers();
    private final AgentVitals vitals = new AgentVitals(this);
    private ProcessBook processes;
    private AgentParts parts;
    private volatile MonitorServer monitor;
    private volatile Joined joined;
    private volatile String trouble = "";
    private volatile boolean closed;

    private Agent(NodeConfig config, EngineSource source, Clock clock) {
        this.config = config;
        this.source = source;
        this.clock = clock;
    }

    /** Starts an agent with the system's clock; see {@link #start(NodeConfig, EngineSource, Clock)}. */
    public static Agent start(NodeConfig config, EngineSource engines) {
        return start(config, engines, Clock.systemUTC());
    }

    /**
     * Starts an agent. It returns once its own folder is in order and its engines are loaded; the ledger may be away and is waited for.
     *
     * @throws SelvageException DATA_DIRECTORY_LOCKED, JOURNAL_CORRUPT, IDENTITY_INVALID, CERTIFICATE_EXPIRED, KEY_MISMATCH,
     *     FILE_UNREADABLE, ENGINE_TWICE, NOT_SUPPORTED
     */
    public static Agent start(NodeConfig config, EngineSource engines, Clock clock) {
        var agent = new Agent(config, engines, clock);
        try {
            agent.open();
            return agent;
        } catch (RuntimeException e) {
            agent.close();
            throw e;
        }
    }

    private void open() {
        if (config.follow().size() != 1) {
            throw new SelvageException(
                    ErrorCode.NOT_SUPPORTED, "This version follows one contract on one channel, not several.");
        }
        var follow = config.follow().get(0);
        Path data = config.data();
        opened(DataLock.take(data));
        processes = opened(ProcessBook.open(data.resolve("processes.db")));
        processes.reap();
        var journal = opened(Journal.open(data.resolve("journal.db")));
        journal.belongsTo(
                Map.of("node", config.node().toString(), "contract", follow.channel() + "/" + follow.chaincode()));
        var model = opened(ReadModel.open(data.resolve("read.db")));
        var store = opened(ContentStore.open(data.resolve("content"), ContentLimits.DEFAULT, clock));
        var catalogue = opened(DataCatalogue.open(data.resolve("data.db"), config.node(), store, clock));
        var capacity = config.capacity();
        var scheduler = new Scheduler(
                new Resources(capacity.cpus(), capacity.memory(), capacity.storage()),
                config.limits().queue());
        var engines = opened(new Engines());
        scheduler.engines(engines.replace(load()));
        var threads = opened(new AgentThreads(
                config.limits().transactions() + SPARE_CALLS, config.limits().fetches()));
        var identity = MemberSigner.read(
                config.node().msp(),
                config.identity().certificate(),
                config.identity().key());
        IdentityCheck.requireCurrent(identity.certificate(), clock.instant());
        Set<Digest> creators = ConcurrentHashMap.newKeySet();
        var renewal = new Renewal(config, identity, creators, clock);
        var tls = new PeerTls(config.tls().certificate(), config.tls().key());
        var certificates = new CertificateWatch(
                clock,
                new CertificateWatch.Kept("signing", identity::certificate, renewal::inFile, renewal::take),
                new CertificateWatch.Kept("TLS", tls::certificate, tls::inFile, tls::renew));
        var ledger = opened(new FabricLedger(
                FabricLedger.Place.of(config.ledger(), follow.channel(), follow.chaincode()), identity, clock));
        parts = new AgentParts(
                config,
                identity,
                creators,
                tls,
                certificates,
                ledger,
                journal,
                model,
                store,
                catalogue,
                scheduler,
                engines,
                threads,
                registry,
                clock);
        threads.every(BEAT_MS, vitals::beat);
        threads.every(WATCH_MS, () -> threads.call(certificates::look));
        vitals.register(registry);
        certificates.register(registry);
        config.monitor().ifPresent(this::monitor);
        Thread follower = new Thread(this::follow, "blocks");
        follower.setDaemon(true);
        follower.start();
    }

    private void monitor(HostPort address) {
        monitor = opened(MonitorServer.start(address.socketAddress(), vitals));
        LOG.info("metrics and health of {}: {}", config.node(), monitorAddress());
    }

    /** The engines of the source, and the node's own, which is the same every time. */
    private List<StandardEngine> load() {
        List<StandardEngine> all = new ArrayList<>(source.load(processes));
        all.add(auditing);
        return all;
    }

    private <T extends AutoCloseable> T opened(T part) {
        synchronized (open) {
            if (!closed) {
                open.push(part);
                return part;
            }
        }
        closeQuietly(part);
        throw new SelvageException(ErrorCode.INTERRUPTED, "The agent stops.");
    }

    /** Everything that needs the ledger, on the thread that then takes its blocks. */
    private void follow() {
        try {
            parts.ledger().follow(join(), new Ledger.BlockListener() {
                @Override
                public void onBlock(LedgerBlock block) {
                    take(block, System.nanoTime());
                }

                @Override
                public void onTrouble(String reason) {
                    trouble = reason == null ? "" : reason;
                }
            });
        } catch (SelvageException e) {
            if (!closed) {
                stop(e);
            }
        } catch (RuntimeException e) {
            LOG.error("the agent fails", e);
            stop(new SelvageException(ErrorCode.INTERNAL, "The agent failed: " + e, e));
        }
    }

    /** Reaches the ledger and puts the rest together; returns the block to begin with. */
    private long join() {
        var ledger = parts.ledger();
        long height = reach(() -> {
            parts.journal().belongsTo(Map.of("genesis", ledger.genesis().hex()));
            return ledger.height();
        });
        warnOfContract();
        joined = opened(new Joined(parts, reach(ledger::configBlock), new Controls(this), this::stop));
        long from = joined.pipeline().begin(height);
        parts.threads().every(TICK_MS, joined.pipeline()::tick);
        LOG.info(
                "node {} listens on {} and follows {}",
                config.node(),
                joined.port(),
                config.follow().get(0));
        long read = parts.model().checkpoint().map(point -> point.block() + 1).orElse(0L);
        return Math.min(from, read);
    }

    /** A contract that is not there yet is waited for by each call; whoever starts the node learns of it. */
    private void warnOfContract() {
        try {
            parts.ledger().evaluate(ContractApi.LIST_NODES, new ContractApi.Page(null, 1));
        } catch (SelvageException e) {
            LOG.warn("the contract does not answer yet: {}", e.getMessage());
        }
    }

    /** Asks until the ledger answers; what no repeat can help ends the agent. */
    private <T> T reach(Supplier<T> question) {
        long pause = FIRST_PAUSE_MS;
        while (true) {
            try {
                T answer = question.get();
                trouble = "";
                return answer;
            } catch (SelvageException e) {
                if (closed || FaultRule.atStart(e) != FaultRule.ENDORSE_AGAIN) {
                    throw e;
                }
                LOG.warn("the ledger does not answer yet: {}", e.getMessage());
                trouble = e.getMessage();
                Pauses.sleep(pause);
                pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
            }
        }
    }

    /** One block; the stream waits for it, the conductor only while its state is read or changed. */
    private void take(LedgerBlock block, long received) {
        parts.model().block(block);
        var noticed = conducted(pipeline -> pipeline.notice(block));
        joined.pipeline().keep(noticed);
        conducted(pipeline -> {
            pipeline.act(noticed, received);
            if (pipeline.isCaughtUp() && ready.complete(null)) {
                new Upkeep(parts, this::changed).start(joined.port());
            }
            return null;
        });
    }

    /** Runs on the conductor's thread and waits for it. */
    private <T> T conducted(Function<TaskPipeline, T> work) {
        return answers.of(parts.threads(), () -> work.apply(joined.pipeline()), Long.MAX_VALUE);
    }

    /** Answers from the conductor's state. */
    <T> T asked(Function<TaskPipeline, T> question) {
        return answers.of(parts.threads(), () -> question.apply(joined.pipeline()), ANSWER_SECONDS);
    }

    private void stop(SelvageException fault) {
        if (stopped.complete(fault)) {
            LOG.error("the agent stops: {} {}", fault.getMessage(), fault.code().nextStep());
            Thread closer = new Thread(this::close, "stop");
            closer.start();
        }
    }

    /** Completes with the reason when the agent ended itself: TWIN_DETECTED, LEDGER_MISMATCH, IDENTITY_INVALID and the like. */
    public CompletableFuture<SelvageException> stopped() {
        return stopped;
    }

    /** Completes when the agent has caught up with the ledger as it stood at the start. */
    public CompletableFuture<Void> ready() {
        return ready;
    }

    /** Where peer links and the control service are served; only after {@link #ready}. */
    public int port() {
        return joined.port();
    }

    /** Where metrics and health are served, {@code http://127.0.0.1:7091}; empty when nowhere. */
    public String monitorAddress() {
        var serving = monitor;
        return serving == null
                ? ""
                : "http://"
                        + config.monitor()
                                .map(at -> new HostPort(at.host(), serving.port()))
                                .get();
    }

    /** The metrics in Prometheus' text form. */
    public String metrics() {
        return registry.scrape();
    }

    /** The node's data sets and grants. */
    public DataCatalogue data() {
        return parts.catalogue();
    }

    /** The ledger's facts in order of time. */
    public ReadModel readModel() {
        return parts.model();
    }

    Probes probes() {
        return joined.probes();
    }

    AgentParts parts() {
        return parts;
    }

    /** Why the ledger is not reached; empty when it is. */
    String trouble() {
        return trouble;
    }

    /** What waits is looked at again. */
    public void changed() {
        parts.threads().conduct(joined.pipeline()::changed);
    }

    /**
     * Loads the engines anew; those that are gone are closed when their runs are over.
     *
     * @throws SelvageException what the source says; then nothing has changed
     */
    public void reload() {
        parts.scheduler().engines(parts.engines().replace(load()));
        changed();
    }

    @Override
    public void close() {
        synchronized (open) {
            closed = true;
            answers.close();
            while (!open.isEmpty()) {
                closeQuietly(open.pop());
            }
        }
    }

    private static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.warn("a part of the agent did not stop well", e);
        }
    }
}
