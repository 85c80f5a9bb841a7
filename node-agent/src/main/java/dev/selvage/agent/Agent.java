package dev.selvage.agent;

import dev.selvage.agent.content.ContentLimits;
import dev.selvage.agent.content.ContentStore;
import dev.selvage.agent.content.FinishedResults;
import dev.selvage.agent.control.ControlService;
import dev.selvage.agent.data.DataCatalogue;
import dev.selvage.agent.data.RunDirectories;
import dev.selvage.agent.journal.Journal;
import dev.selvage.agent.ledger.FabricLedger;
import dev.selvage.agent.ledger.FaultRule;
import dev.selvage.agent.ledger.Ledger;
import dev.selvage.agent.ledger.LedgerBlock;
import dev.selvage.agent.peer.ChannelRoots;
import dev.selvage.agent.peer.Entitlements;
import dev.selvage.agent.peer.MemberCheck;
import dev.selvage.agent.peer.MemberSigner;
import dev.selvage.agent.peer.PeerAddresses;
import dev.selvage.agent.peer.PeerLinks;
import dev.selvage.agent.peer.PeerServer;
import dev.selvage.agent.peer.PeerService;
import dev.selvage.agent.peer.PeerTls;
import dev.selvage.agent.peer.UserResults;
import dev.selvage.agent.pipeline.Contract;
import dev.selvage.agent.pipeline.Engines;
import dev.selvage.agent.pipeline.PipelineMetrics;
import dev.selvage.agent.pipeline.PipelineSetup;
import dev.selvage.agent.pipeline.TaskPipeline;
import dev.selvage.agent.read.LedgerContentFacts;
import dev.selvage.agent.read.ReadModel;
import dev.selvage.formats.config.HostPort;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Limits;
import dev.selvage.model.SelvageException;
import dev.selvage.scheduler.Resources;
import dev.selvage.scheduler.Scheduler;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's daemon. It is crash-only: {@link #close} leaves what runs to the next start, just as kill -9 does, and the outcome is the same.
 */
public final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final long TICK_MS = 50;
    private static final long FIRST_PAUSE_MS = 200;
    private static final long LONGEST_PAUSE_MS = 5_000;
    private static final long NOTICE_SECONDS = 5;
    private static final long SWEEP_SECONDS = 300;
    private static final int SPARE_CALLS = 8;
    private static final int FETCHES_SERVED = 32;
    private static final long ANSWER_SECONDS = 10;

    private final NodeConfig config;
    private final EngineSource source;
    private final Clock clock;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final CompletableFuture<SelvageException> stopped = new CompletableFuture<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Engines engines = new Engines();
    private final Scheduler scheduler;
    private AgentThreads threads;
    private Journal journal;
    private ReadModel model;
    private ProcessBook processes;
    private ContentStore store;
    private DataCatalogue catalogue;
    private Ledger ledger;
    private volatile TaskPipeline pipeline;
    private volatile PeerServer server;
    private volatile String trouble = "";
    private volatile boolean closed;

    private Agent(NodeConfig config, EngineSource source, Clock clock) {
        this.config = config;
        this.source = source;
        this.clock = clock;
        var capacity = config.capacity();
        this.scheduler = new Scheduler(
                new Resources(capacity.cpus(), capacity.memory(), capacity.storage()),
                config.limits().queue());
    }

    /** Starts an agent with the system's clock; see {@link #start(NodeConfig, EngineSource, Clock)}. */
    public static Agent start(NodeConfig config, EngineSource engines) {
        return start(config, engines, Clock.systemUTC());
    }

    /**
     * Starts an agent. It returns once its own folder is in order and its engines are loaded; the ledger may be away and is waited for.
     *
     * @throws SelvageException DATA_DIRECTORY_LOCKED, JOURNAL_CORRUPT, IDENTITY_INVALID, FILE_UNREADABLE, ENGINE_TWICE, NOT_SUPPORTED
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
        Path data = config.data();
        parts.push(DataLock.take(data));
        processes = opened(ProcessBook.open(data.resolve("processes.db")));
        processes.reap();
        journal = opened(Journal.open(data.resolve("journal.db")));
        journal.belongsTo(Map.of(
                "node",
                config.node().toString(),
                "contract",
                config.follow().get(0).channel() + "/" + config.follow().get(0).chaincode()));
        journal.forgetEndedBefore(clock.millis() - config.retention().journal().toMillis());
        model = opened(ReadModel.open(data.resolve("read.db")));
        store = opened(ContentStore.open(data.resolve("content"), ContentLimits.DEFAULT, clock));
        catalogue = opened(DataCatalogue.open(data.resolve("data.db"), config.node(), store, clock));
        parts.push(engines);
        scheduler.engines(engines.replace(source.load(processes)));
        threads = opened(new AgentThreads(
                config.limits().transactions() + SPARE_CALLS, config.limits().fetches()));
        var identity = MemberSigner.read(
                config.node().msp(),
                config.identity().certificate(),
                config.identity().key());
        var follow = config.follow().get(0);
        ledger = opened(new FabricLedger(
                new FabricLedger.Place(
                        config.ledger().endpoints().stream()
                                .map(HostPort::toString)
                                .toList(),
                        config.ledger().tlsRoot(),
                        config.ledger().serverName(),
                        follow.channel(),
                        follow.chaincode()),
                identity));
        Thread follower = new Thread(() -> follow(identity), "blocks");
        follower.setDaemon(true);
        follower.start();
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    /** Everything that needs the ledger, on the thread that then takes its blocks. */
    private void follow(MemberSigner identity) {
        try {
            join(identity);
            Runnable tick = () -> {
                if (!closed) {
                    pipeline.tick();
                }
            };
            threads.conductor().scheduleWithFixedDelay(guarded(tick), TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
            long from = Math.min(
                    pipeline.from(),
                    model.checkpoint().map(point -> point.block() + 1).orElse(0L));
            ledger.follow(from, new Ledger.BlockListener() {
                @Override
                public void onBlock(LedgerBlock block) {
                    take(block);
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

    private void join(MemberSigner identity) {
        long height = reach(() -> {
            journal.belongsTo(Map.of("genesis", ledger.genesis().hex()));
            return ledger.height();
        });
        var roots = ChannelRoots.fromConfigBlock(reach(ledger::configBlock));
        PeerAddresses addresses = node ->
                model.node(node).map(info -> HostPort.parse(info.endpoint())).map(HostPort::socketAddress);
        var tls = new PeerTls(config.tls().certificate(), config.tls().key());
        var links = opened(new PeerLinks(
                config.node(),
                identity,
                tls,
                roots,
                addresses,
                store,
                config.limits().fetches(),
                clock));
        var contract = new Contract(ledger);
        var facts = new LedgerContentFacts(model, task -> {
            var fact = contract.task(task).task();
            return new LedgerContentFacts.Known(
                    fact, contract.workflow(fact.workflow()).workflow());
        });
        var entitlements = new Entitlements(facts, catalogue.grants());
        pipeline = new TaskPipeline(new PipelineSetup(
                config.node(),
                FabricLedger.creator(identity),
                ledger,
                journal,
                scheduler,
                engines,
                store,
                catalogue,
                links,
                new RunDirectories(config.data().resolve("run")),
                new PipelineMetrics(registry),
                config.limits().transactions(),
                config.limits().batch(),
                Limits.CLOCK_SKEW,
                clock,
                threads::conduct,
                threads::work,
                threads::call,
                threads.fetchers(),
                this::stop));
        pipeline.caughtUpAt(height);
        var members = new MemberCheck(roots);
        var service = new PeerService(config.node(), members, entitlements, store, FETCHES_SERVED, clock);
        StorageMetrics.register(registry, store, ContentLimits.DEFAULT, service);
        var results = new UserResults(config.node(), members, entitlements, facts, store, links, clock);
        var control = new ControlService(config.node(), members, new Controls(this), model, catalogue, results, clock);
        server = opened(PeerServer.start(config.listen().socketAddress(), tls, roots, service, List.of(control)));
        LOG.info(
                "node {} listens on {} and follows {}",
                config.node(),
                server.port(),
                config.follow().get(0));
    }

    /** Asks until the ledger answers; what no repeat can help ends the agent. */
    private <T> T reach(java.util.function.Supplier<T> question) {
        long pause = FIRST_PAUSE_MS;
        while (true) {
            try {
                T answer = question.get();
                trouble = "";
                return answer;
            } catch (SelvageException e) {
                if (closed || FaultRule.ofEndorse(e) != FaultRule.ENDORSE_AGAIN) {
                    throw e;
                }
                LOG.warn("the ledger does not answer yet: {}", e.sentence());
                trouble = e.sentence();
                sleep(pause);
                pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
            }
        }
    }

    private static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "The agent stops.", e);
        }
    }

    /** One block, on the conductor's thread; the stream waits for it. */
    private void take(LedgerBlock block) {
        var done = new CompletableFuture<Void>();
        threads.conduct(() -> {
            try {
                model.block(block);
                pipeline.onBlock(block);
                if (pipeline.isCaughtUp() && ready.complete(null)) {
                    var notice = new NodeNotice(config, ledger, model);
                    threads.conductor()
                            .scheduleWithFixedDelay(
                                    guarded(() -> threads.call(() ->
                                            notice.tell(scheduler.engines().engines(), server.port()))),
                                    0,
                                    NOTICE_SECONDS,
                                    TimeUnit.SECONDS);
                    var finished = new FinishedResults(
                            store,
                            model::finished,
                            config.retention().content(),
                            config.retention().contentSize(),
                            clock);
                    threads.conductor()
                            .scheduleWithFixedDelay(
                                    guarded(() -> threads.call(finished::sweep)),
                                    SWEEP_SECONDS,
                                    SWEEP_SECONDS,
                                    TimeUnit.SECONDS);
                }
                done.complete(null);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        try {
            done.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "The agent stops.", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SelvageException ours
                    ? ours
                    : new SelvageException(
                            ErrorCode.INTERNAL, "Block " + block.number() + " was not taken.", e.getCause());
        }
    }

    private Runnable guarded(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.error("a step of the agent failed", e);
            }
        };
    }

    private void stop(SelvageException fault) {
        if (stopped.complete(fault)) {
            LOG.error("the agent stops: {}", fault.getMessage());
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
        return server.port();
    }

    /** The metrics in Prometheus' text form. */
    public String metrics() {
        return registry.scrape();
    }

    NodeConfig config() {
        return config;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Engines engines() {
        return engines;
    }

    String trouble() {
        return trouble;
    }

    /** Answers from the conductor's state, on its thread. */
    <T> T asked(java.util.function.Function<TaskPipeline, T> question) {
        var answer = new CompletableFuture<T>();
        threads.conduct(() -> {
            try {
                answer.complete(question.apply(pipeline));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "The agent stops.", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new SelvageException(ErrorCode.INTERNAL, "The node does not answer now.", e);
        }
    }

    /** What waits is looked at again. */
    void changed() {
        threads.conduct(pipeline::changed);
    }

    /** The node's data sets and grants. */
    public DataCatalogue data() {
        return catalogue;
    }

    /** The ledger's facts in order of time. */
    public ReadModel readModel() {
        return model;
    }

    /**
     * Loads the engines anew; those that are gone end when their runs do.
     *
     * @throws SelvageException what the source says; then nothing has changed
     */
    public void reload() {
        scheduler.engines(engines.replace(source.load(processes)));
        changed();
    }

    @Override
    public void close() {
        synchronized (parts) {
            closed = true;
            if (pipeline != null) {
                pipeline.stopping();
            }
            while (!parts.isEmpty()) {
                try {
                    parts.pop().close();
                } catch (Exception e) {
                    LOG.warn("a part of the agent did not stop well", e);
                }
            }
        }
    }
}
