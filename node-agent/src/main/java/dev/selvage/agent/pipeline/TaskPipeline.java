package dev.selvage.agent.pipeline;

import dev.selvage.agent.content.ContentStore;
import dev.selvage.agent.data.RunDirectories;
import dev.selvage.agent.journal.Journal;
import dev.selvage.agent.journal.PartRow;
import dev.selvage.agent.journal.Settlement;
import dev.selvage.agent.ledger.LedgerBlock;
import dev.selvage.engine.EngineOutcome;
import dev.selvage.engine.RunKey;
import dev.selvage.engine.StandardEngine;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts.EngineId;
import dev.selvage.model.Failure;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.scheduler.Demand;
import dev.selvage.scheduler.EngineChoice;
import dev.selvage.scheduler.Offer;
import dev.selvage.scheduler.Scheduler;
import dev.selvage.scheduler.Waiting;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a sub-task, top to bottom: the one conductor. Stages do not call each other; each takes what the one before made. State is
 * touched on the conductor's thread only; a part that has its engine lives on a worker's thread until its result is durable.
 */
public final class TaskPipeline {
    private static final Logger LOG = LoggerFactory.getLogger(TaskPipeline.class);
    /** How often what waits for data, grants or room is looked at again. */
    private static final int LONGEST_VERSION = 128;

    private static final long LOOK_AGAIN_MS = 1_000;

    private final NodeId self;
    private final LedgerEvents events;
    private final TaskBook book = new TaskBook();
    private final TaskLoader loader;
    private final Scheduler scheduler;
    private final Engines engines;
    private final InputGatherer gatherer;
    private final RunDirectories directories;
    private final EngineRunner runner;
    private final Certifier certifier;
    private final ContentStore store;
    private final ResultPublisher publisher;
    private final Advancer advancer;
    private final Contract contract;
    private final Journal journal;
    private final Clock clock;
    private final Executor conductor;
    private final Executor workers;

    /** Parts of this node that are not settled, by key. */
    private final Map<RunKey, Work> works = new LinkedHashMap<>();
    /** What the journal knew of parts when the node started. */
    private final Map<RunKey, PartRow> recovered = new HashMap<>();

    private long lastLook;
    private volatile boolean caughtUp;
    private boolean stopping;

    /** Puts the pipeline together and reads what the journal knows; nothing happens before the first block. */
    public TaskPipeline(PipelineSetup setup) {
        this(setup.stages(new LedgerEvents(setup.self(), setup.creator(), setup.journal())));
        recover();
    }

    private TaskPipeline(Stages stages) {
        this.self = stages.self();
        this.events = stages.events();
        this.loader = stages.loader();
        this.scheduler = stages.scheduler();
        this.engines = stages.engines();
        this.gatherer = stages.gatherer();
        this.directories = stages.directories();
        this.runner = stages.runner();
        this.certifier = stages.certifier();
        this.store = stages.store();
        this.publisher = stages.publisher().apply(this::opens);
        this.advancer = stages.advancer();
        this.contract = stages.contract();
        this.journal = stages.journal();
        this.clock = stages.clock();
        this.conductor = stages.conductor();
        this.workers = stages.workers();
    }

    /** A part on its way. */
    private static final class Work {
        private final Assignment assignment;
        private final Measured measured;
        private Stage stage = Stage.WAITING;
        private Waiting reason;
        /** Whether the scheduler has it in its queue and wakes it. */
        private boolean queued;

        private final long waitingSince = System.nanoTime();

        Work(Assignment assignment) {
            this.assignment = assignment;
            this.measured = new Measured(assignment.received());
        }
    }

    /** Where a part is on its way through this node. */
    public enum Stage {
        WAITING,
        RUNNING,
        PUBLISHING
    }

    // ---- the life of a sub-task, from here down ----

    /** A block came: journal it, then act on it. */
    public void onBlock(LedgerBlock block) {
        long received = System.nanoTime();
        long now = clock.millis();
        var news = events.read(block);
        if (news.isPresent()) {
            var codes = publisher.onCodes(news.get().codes(), now);
            var ended = ended(news.get());
            journal.block(
                    news.get().checkpoint(),
                    news.get().facts(),
                    new Settlement(codes.closed, settled(news.get(), codes), codes.reopened(), ended),
                    now);
            events.taken(news.get());
            codes.settled.keySet().forEach(works::remove);
            publisher.afterBlock(codes);
            advancer.onCodes(news.get().codes(), now);
            for (KnownTask task : book.apply(news.get().facts())) {
                consider(task, received);
            }
            ended.forEach(this::end);
        }
        if (!caughtUp && events.caughtUp()) {
            caughtUp = true;
            takeUp();
        }
        advancer.tick(now);
    }

    /** Looks at a task that changed: new assignments for this node, steps that are open. */
    private void consider(KnownTask task, long received) {
        if (!caughtUp || task.end().isPresent()) {
            return;
        }
        if (task.context().isEmpty()) {
            loader.load(task.id(), context -> loaded(task.id(), context, received));
            return;
        }
        for (KnownTask.ReadyPart part : task.ready(self)) {
            if (!works.containsKey(part.key()) && !isSettled(part.key())) {
                assign(new Assignment(
                        Assignment.LEDGER,
                        task.context().get(),
                        part.key(),
                        part.notBefore(),
                        received,
                        !recovered.containsKey(part.key())));
            }
        }
        advancer.look(task, clock.millis());
    }

    /** A part of this node: what the journal has of it decides where it goes on. */
    private void assign(Assignment assignment) {
        Work work = new Work(assignment);
        works.put(assignment.key(), work);
        var row = recovered.get(assignment.key());
        if (row != null && row.result().isPresent()) {
            publish(work, new CertifiedResult(assignment.key(), row.result().get(), work.measured));
        } else {
            place(work);
        }
    }

    /** Asks the scheduler for an engine, unless something else is missing first. */
    private void place(Work work) {
        long now = clock.millis();
        var assignment = work.assignment;
        if (assignment.notBefore() > now) {
            work.reason = new Waiting.ForTime(Instant.ofEpochMilli(assignment.notBefore()));
            return;
        }
        var missing = gatherer.missing(assignment);
        if (missing.isPresent()) {
            wait(work, missing.get());
            return;
        }
        scheduler
                .offer(demand(assignment), now)
                .fold(
                        reserved -> {
                            start(work, reserved.choice());
                            return null;
                        },
                        queued -> {
                            work.queued = true;
                            wait(work, queued.reason());
                            return null;
                        },
                        declined -> {
                            decline(work, declined);
                            return null;
                        });
    }

    private Demand demand(Assignment assignment) {
        return new Demand(
                assignment.key(),
                assignment.task().fact().creator().toString(),
                assignment.operation().operation(),
                assignment.operationDigest(),
                assignment.requirement(),
                gatherer.engines(assignment));
    }

    private void start(Work work, EngineChoice choice) {
        work.stage = Stage.RUNNING;
        work.reason = null;
        work.measured.waitedSince(work.waitingSince);
        workers.execute(() -> live(work, choice));
    }

    /** A part with its engine, on a worker's thread: inputs, run, durable result. */
    private void live(Work work, EngineChoice choice) {
        var assignment = work.assignment;
        CertifiedResult result;
        try {
            var onLedger = assignment.fresh() ? Optional.<Object>empty() : ledgerHas(assignment.key());
            if (onLedger.isPresent()) {
                conductor.execute(() -> adopt(work));
                return;
            }
            result = run(work, choice);
        } catch (SelvageException e) {
            if (e.code() == ErrorCode.INTERRUPTED || e.code() == ErrorCode.JOURNAL_CORRUPT) {
                LOG.info("task={} run={} left as it is: {}", assignment.key().task(), assignment.key(), e.sentence());
                return;
            }
            LOG.info(
                    "task={} run={} fails before its engine: {}",
                    assignment.key().task(),
                    assignment.key(),
                    e.getMessage());
            result = certifier.fail(assignment.key(), Failure.of(e), work.measured);
        } catch (RuntimeException e) {
            LOG.error("task={} run={} fails", assignment.key().task(), assignment.key(), e);
            result = certifier.fail(
                    assignment.key(),
                    Failure.of(ErrorCode.INTERNAL, "The node failed; its log says more."),
                    work.measured);
        } finally {
            scheduler.release(choice, clock.millis());
            if (gatherer.holds(assignment)) {
                store.release(assignment.key().text());
            }
            conductor.execute(this::startNext);
        }
        var certified = result;
        conductor.execute(() -> publish(work, certified));
    }

    private CertifiedResult run(Work work, EngineChoice choice) {
        var assignment = work.assignment;
        var row = Optional.ofNullable(recovered.get(assignment.key()));
        try (var lease = engines.lease(choice.engine());
                var directory =
                        row.isPresent() ? directories.again(assignment.key()) : directories.fresh(assignment.key())) {
            long from = System.nanoTime();
            Gathered gathered = gatherer.gather(assignment, directory);
            work.measured.fetchedSince(from);
            StandardEngine engine = lease.engine();
            work.measured.engineStarts();
            long started = System.nanoTime();
            EngineOutcome outcome = runner.run(engine, gathered.request(), row.map(PartRow::foreignId));
            work.measured.ranSince(started);
            return certifier.certify(
                    assignment,
                    new EngineId(choice.engine(), version(outcome.foreignVersion(), lease.version())),
                    outcome,
                    gathered.reads(),
                    work.measured);
        }
    }

    /** A durable result goes to the ledger; its origin decides how. */
    private void publish(Work work, CertifiedResult result) {
        if (works.get(result.key()) != work) {
            return; // the task has ended, or the ledger has a result of this attempt
        }
        work.stage = Stage.PUBLISHING;
        publisher.publish(result);
    }

    // ---- what is not the straight way ----

    /** What the record says: the foreign engine's version where it told one, else the engine's, within what the ledger takes. */
    private static String version(String foreign, String own) {
        String told = foreign.isEmpty() ? own : foreign;
        String version = told.isEmpty() ? "unknown" : told;
        return version.substring(0, Math.min(version.length(), LONGEST_VERSION));
    }

    private void wait(Work work, Waiting reason) {
        boolean ordinary = reason instanceof Waiting.ForRuns
                || reason instanceof Waiting.ForResources
                || reason instanceof Waiting.ForTurn;
        if (!ordinary && !reason.equals(work.reason)) {
            var key = work.assignment.key();
            LOG.info("task={} run={} waits: {} {}", key.task(), key, reason.code(), reason.sentence());
        }
        work.reason = reason;
    }

    private void decline(Work work, Offer.Declined declined) {
        if (declined.code() == ErrorCode.QUEUE_FULL) {
            wait(work, new Waiting.ForQueue(scheduler.load().waiting()));
        } else {
            failWaiting(work, Failure.of(declined.code(), declined.sentence()));
        }
    }

    private void failWaiting(Work work, Failure failure) {
        var key = work.assignment.key();
        LOG.info("task={} run={} fails without a run: {} {}", key.task(), key, failure.code(), failure.message());
        scheduler.withdraw(key);
        work.stage = Stage.PUBLISHING;
        work.reason = null;
        workers.execute(() -> {
            var result = certifier.fail(key, failure, work.measured);
            conductor.execute(() -> publish(work, result));
        });
    }

    private Optional<?> ledgerHas(RunKey key) {
        return contract.result(new dev.selvage.model.ContractApi.Part(
                key.task(), key.subTask(), key.part(), key.attempt(), key.role()));
    }

    private void adopt(Work work) {
        var key = work.assignment.key();
        LOG.info("task={} run={} the ledger has its result already", key.task(), key);
        journal.settled(Map.of(key, "ADOPTED"));
        works.remove(key);
    }

    private void startNext() {
        if (!stopping) {
            scheduler.next(clock.millis()).forEach(choice -> {
                Work work = works.get(choice.demand().key());
                if (work == null || work.stage != Stage.WAITING) {
                    scheduler.release(choice, clock.millis());
                } else {
                    start(work, choice);
                }
            });
        }
    }

    private boolean isSettled(RunKey key) {
        var row = recovered.get(key);
        return row != null && row.state() == PartRow.State.SETTLED;
    }

    private void loaded(String id, Optional<TaskContext> context, long received) {
        if (context.isEmpty()) {
            book.notOurs(id);
            return;
        }
        book.find(id).ifPresent(task -> {
            task.context(context.get());
            consider(task, received);
            advancer.tick(clock.millis());
        });
    }

    private static List<String> ended(LedgerEvents.News news) {
        List<String> ended = new ArrayList<>();
        news.facts().forEach(fact -> {
            if (fact.entry() instanceof LedgerEvent.End) {
                ended.add(fact.task());
            }
        });
        return ended;
    }

    /** Parts that this block settles: by own transactions, and by results that others wrote for this node. */
    private Map<RunKey, String> settled(LedgerEvents.News news, ResultPublisher.Codes codes) {
        Map<RunKey, String> settled = new HashMap<>(codes.settled);
        news.facts().forEach(fact -> {
            if (fact.entry() instanceof LedgerEvent.Result r) {
                var key = new RunKey(r.task(), r.subTask(), r.index(), r.attempt(), r.role());
                if (works.containsKey(key) && !settled.containsKey(key)) {
                    settled.put(key, "ADOPTED");
                    superseded(key);
                }
            }
        });
        return settled;
    }

    /** The ledger has a result of this attempt that this node did not send now: Expire's, or its own of before a restore. */
    private void superseded(RunKey key) {
        scheduler.withdraw(key);
        runner.cancel(key);
        works.remove(key);
        publisher.drop(key);
    }

    /** Where this node's parts of a task stand. On the conductor's thread. */
    public List<PartStanding> standing(String task) {
        return works.values().stream()
                .filter(work -> work.assignment.key().task().equals(task))
                .map(work -> new PartStanding(
                        work.assignment.key(),
                        work.stage,
                        work.stage == Stage.WAITING ? Optional.ofNullable(reason(work)) : Optional.empty(),
                        work.assignment.acceptDeadline()))
                .toList();
    }

    /**
     * Where a part stands.
     *
     * @param reason why it waits; empty when it does not
     * @param deadline when its waiting ends in a failure, milliseconds since 1970 UTC
     */
    public record PartStanding(RunKey key, Stage stage, Optional<Waiting> reason, long deadline) {}

    /** Results on their way, and transactions. On the conductor's thread. */
    public Publishing publishing() {
        return new Publishing(publisher.waiting(), publisher.inFlight());
    }

    /** @param results that wait for a transaction */
    public record Publishing(int results, int transactions) {}

    /** The last block taken; -1 for none. On the conductor's thread. */
    public long block() {
        return events.block();
    }

    private void end(String task) {
        works.values().removeIf(work -> {
            boolean gone = work.assignment.key().task().equals(task);
            if (gone) {
                scheduler.withdraw(work.assignment.key());
            }
            return gone;
        });
        recovered.keySet().removeIf(key -> key.task().equals(task));
        runner.cancel(task);
        publisher.ended(task);
        advancer.forget(task);
        book.ended(task);
        startNext();
    }

    // ---- start, time, stop ----

    /** The block to begin with: that of the checkpoint once more. */
    public long from() {
        return events.from();
    }

    /** The ledger's height at the start: up to there it catches up before anything runs. */
    public void caughtUpAt(long height) {
        events.caughtUpAt(height);
    }

    public boolean isCaughtUp() {
        return caughtUp;
    }

    private void recover() {
        journal.openParts().forEach(row -> recovered.put(row.key(), row));
        loader.known().forEach(context -> book.make(context.id()).context(context));
        book.apply(journal.entries());
        for (var sent : journal.unsettled()) {
            Map<RunKey, ResultItem> items = new HashMap<>();
            sent.parts()
                    .forEach(key -> journal.part(key).flatMap(PartRow::result).ifPresent(item -> items.put(key, item)));
            publisher.restore(sent, items);
        }
        directories.keepOnly(recovered.values().stream()
                .filter(row -> row.state() == PartRow.State.ACCEPTED)
                .map(PartRow::key)
                .toList());
    }

    /** The stream has shown everything up to the start: transactions without a code go out again, open parts go on. */
    private void takeUp() {
        publisher
                .resend()
                .forEach(key -> book.find(key.task())
                        .flatMap(KnownTask::context)
                        .ifPresent(context -> {
                            var work = new Work(
                                    new Assignment(Assignment.LEDGER, context, key, 0, System.nanoTime(), false));
                            work.stage = Stage.PUBLISHING;
                            works.put(key, work);
                        }));
        // what the journal has is of before this start; the rest is asked of the ledger before it runs
        book.all()
                .forEach(task -> task.context()
                        .ifPresent(context -> task.ready(self)
                                .forEach(part -> recovered.computeIfAbsent(
                                        part.key(),
                                        key -> new PartRow(key, PartRow.State.ACCEPTED, "", Optional.empty(), "")))));
        book.all().forEach(task -> consider(task, System.nanoTime()));
    }

    /** Time has passed: pauses end, deadlines pass, what waits is tried again. */
    public void tick() {
        long now = clock.millis();
        if (!caughtUp || stopping) {
            return;
        }
        boolean again = now - lastLook >= LOOK_AGAIN_MS;
        lastLook = again ? now : lastLook;
        for (Work work : List.copyOf(works.values())) {
            if (work.stage != Stage.WAITING) {
                continue;
            }
            if (now > work.assignment.acceptDeadline()) {
                Waiting reason = reason(work);
                failWaiting(work, Failure.of(reason.code(), "Until the accept deadline: " + reason.sentence() + "."));
            } else if (work.reason instanceof Waiting.ForTime time) {
                if (time.until().toEpochMilli() <= now) {
                    place(work);
                }
            } else if (again && !work.queued) {
                place(work);
            }
        }
        startNext();
        publisher.tick(now);
        if (again) {
            book.all().forEach(task -> advancer.lookForOverdue(task, now));
        }
        advancer.tick(now);
    }

    private Waiting reason(Work work) {
        return scheduler.why(work.assignment.key()).orElse(work.reason);
    }

    /** Engines, data or grants changed. */
    public void changed() {
        lastLook = 0;
        tick();
    }

    /** Starts nothing new from here on; what runs is interrupted by the workers' end. */
    public void stopping() {
        stopping = true;
        scheduler.drain(true);
    }

    private List<String> opens(ResultItem item) {
        return book.find(item.task()).map(task -> task.opens(item)).orElse(List.of());
    }
}
