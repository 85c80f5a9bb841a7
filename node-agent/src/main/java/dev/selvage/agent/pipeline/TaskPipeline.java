package dev.selvage.agent.pipeline;

import dev.selvage.agent.journal.Journal;
import dev.selvage.agent.journal.PartRow;
import dev.selvage.agent.journal.Settlement;
import dev.selvage.agent.ledger.LedgerBlock;
import dev.selvage.agent.pipeline.Noticed.Effects;
import dev.selvage.engine.RunKey;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Failure;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.scheduler.EngineChoice;
import dev.selvage.scheduler.Offer;
import dev.selvage.scheduler.Scheduler;
import dev.selvage.scheduler.Waiting;
import java.time.Clock;
import java.util.HashMap;
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
    private static final long LOOK_AGAIN_MS = 1_000;

    private final NodeId self;
    private final LedgerEvents events;
    private final TaskBook book = new TaskBook();
    private final TaskLoader loader;
    private final Scheduler scheduler;
    private final InputGatherer gatherer;
    private final EngineRunner runner;
    private final PartRun run;
    private final Certifier certifier;
    private final ResultPublisher publisher;
    private final Advancer advancer;
    private final Contract contract;
    private final Journal journal;
    private final Clock clock;
    private final Executor conductor;
    private final Executor workers;
    private final Executor calls;

    private final Works works;
    private final Placement placement;
    private final Recovery recovery;
    private long lastLook;
    private volatile boolean caughtUp;
    private boolean stopping;

    /** Puts the pipeline together and reads what the journal knows; nothing happens before the first block. */
    public TaskPipeline(PipelineSetup setup) {
        Stages stages = setup.stages();
        this.self = stages.self();
        this.events = stages.events();
        this.loader = stages.loader();
        this.scheduler = stages.scheduler();
        this.works = new Works(scheduler);
        this.gatherer = stages.gatherer();
        this.placement = new Placement(scheduler, gatherer);
        this.runner = stages.runner();
        this.certifier = stages.certifier();
        this.run = new PartRun(stages.engines(), stages.directories(), gatherer, runner, certifier);
        this.publisher = stages.publisher().apply(this::weigh);
        this.advancer = stages.advancer();
        this.contract = stages.contract();
        this.journal = stages.journal();
        this.recovery = new Recovery(journal);
        this.clock = stages.clock();
        this.conductor = stages.conductor();
        this.workers = stages.workers();
        this.calls = stages.calls();
        recovery.read(book, loader, publisher, stages.directories());
    }

    // ---- the life of a sub-task, from here down ----

    /** A block came: what it means. On the conductor's thread; {@link #keep} and {@link #act} follow before the next block. */
    public Noticed notice(LedgerBlock block) {
        long now = clock.millis();
        return new Noticed(events.read(block).map(news -> {
            var codes = publisher.onCodes(news.codes(), now);
            return new Effects(news, loader.created(news.created()), codes, settled(news, codes), now);
        }));
    }

    /** Journals a block; on the caller's thread, so that the conductor need not wait for the disk. */
    public void keep(Noticed block) {
        block.effects().ifPresent(e -> {
            var settlement = new Settlement(
                    e.codes().closed(),
                    e.settled(),
                    e.codes().reopenedKeys(),
                    e.news().ended());
            journal.block(e.news().checkpoint(), e.tasks(), e.news().facts(), settlement, e.now());
        });
    }

    /**
     * Acts on a journalled block. On the conductor's thread.
     *
     * @param received when it came, by {@link System#nanoTime}
     */
    public void act(Noticed block, long received) {
        block.effects().ifPresent(e -> {
            var news = e.news();
            events.taken(news);
            works.removeAll(e.codes().settled().keySet());
            publisher.afterBlock(e.codes(), received, caughtUp);
            advancer.onCodes(news.codes(), e.now());
            loader.deployed(news.deployed());
            e.tasks().others().forEach(book::notOurs);
            e.tasks().ours().forEach((fact, deployment) -> book.add(new TaskContext(fact, deployment)));
            for (KnownTask task : book.apply(news.facts())) {
                consider(task, received);
            }
            news.ended().forEach(this::end);
        });
        if (!caughtUp && events.caughtUp()) {
            caughtUp = true;
            takeUp();
        }
        advancer.tick(clock.millis());
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
            if (!works.has(part.key()) && !recovery.isSettled(part.key())) {
                assign(new Assignment(
                        Assignment.LEDGER,
                        task.context().get(),
                        part.key(),
                        part.notBefore(),
                        received,
                        recovery.row(part.key()).isEmpty()));
            }
        }
        advancer.look(task, clock.millis());
    }

    /** A part of this node: what the journal has of it decides where it goes on. */
    private void assign(Assignment assignment) {
        Work work = works.add(assignment);
        var certified = recovery.row(assignment.key()).flatMap(PartRow::result);
        if (certified.isPresent()) {
            publish(work, new CertifiedResult(assignment.key(), certified.get(), work.measured));
        } else {
            place(work);
        }
    }

    /** The scheduler's answer decides: start, wait, or fail. */
    private void place(Work work) {
        placement
                .of(work, clock.millis())
                .fold(
                        reserved -> start(work, reserved.choice()),
                        queued -> work.waitsFor(queued.reason()),
                        declined -> decline(work, declined));
    }

    private Work start(Work work, EngineChoice choice) {
        work.starts();
        workers.execute(() -> live(work, choice));
        return work;
    }

    /** A part with its engine, on a worker's thread: inputs, run, durable result. A result goes on at once, a fault when all is tidied up. */
    private void live(Work work, EngineChoice choice) {
        Optional<SelvageException> fault = Optional.empty();
        try {
            if (!work.assignment.fresh()
                    && contract.result(work.assignment.key()).isPresent()) {
                conductor.execute(() -> adopt(work));
            } else {
                run.carryOut(
                        work,
                        choice,
                        recovery.row(work.assignment.key()),
                        result -> conductor.execute(() -> publish(work, result)));
            }
        } catch (RuntimeException e) {
            fault = Optional.of(Work.fault(e));
        }
        gatherer.letGo(work.assignment);
        scheduler.release(choice, clock.millis());
        fault.ifPresent(broken -> conductor.execute(() -> broken(work, broken)));
        conductor.execute(this::startNext);
    }

    /** A durable result goes to the ledger; its origin decides how. */
    private void publish(Work work, CertifiedResult result) {
        if (!works.wants(work)) {
            return; // the task has ended, or the ledger has a result of this attempt
        }
        work.stage = PartStanding.Stage.PUBLISHING;
        publisher.publish(
                result, clock.millis() + work.assignment.subTask().deadlines().publish());
    }

    // ---- what is not the straight way ----

    /** A part failed outside its engine: that is its result, unless this node itself is in trouble, which passes. */
    private void broken(Work work, SelvageException fault) {
        var key = work.assignment.key();
        LOG.info("task={} run={} {}", key.task(), key, fault.getMessage(), fault.getCause());
        switch (fault.code()) {
            case INTERRUPTED -> work.reason = null; // the next start takes it up
            case STORAGE_FULL, JOURNAL_CORRUPT, NO_ENGINE -> work.again(fault);
            default -> failWaiting(work, Failure.of(fault));
        }
    }

    private Work decline(Work work, Offer.Declined declined) {
        return declined.code() == ErrorCode.QUEUE_FULL
                ? work.waitsFor(new Waiting.ForQueue(scheduler.load().waiting()))
                : failWaiting(work, Failure.of(declined.code(), declined.sentence()));
    }

    private Work failWaiting(Work work, Failure failure) {
        var key = work.assignment.key();
        LOG.info("task={} run={} fails without a run: {} {}", key.task(), key, failure.code(), failure.message());
        scheduler.withdraw(key);
        work.stage = PartStanding.Stage.PUBLISHING;
        work.reason = null;
        calls.execute(() -> {
            try {
                var result = certifier.fail(key, failure, work.measured);
                conductor.execute(() -> publish(work, result));
            } catch (SelvageException e) {
                conductor.execute(() -> work.again(e));
            }
        });
        return work;
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
                if (work == null || !work.waits()) {
                    scheduler.release(choice, clock.millis());
                } else {
                    start(work, choice);
                }
            });
        }
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

    /** Parts that this block settles: by own transactions, and by results that others wrote for this node. */
    private Map<RunKey, String> settled(LedgerEvents.News news, Codes codes) {
        Map<RunKey, String> settled = new HashMap<>(codes.settled());
        for (RunKey key : news.results()) {
            if (works.has(key) && !settled.containsKey(key)) {
                settled.put(key, "ADOPTED");
                superseded(key);
            }
        }
        return settled;
    }

    /** The ledger has a result of this attempt that this node did not send now: Expire's, or its own of before a restore. */
    private void superseded(RunKey key) {
        works.remove(key);
        runner.cancel(key);
        publisher.drop(key);
    }

    /** Where this node's parts of a task stand. On the conductor's thread. */
    public List<PartStanding> standing(String task) {
        return works.standing(task);
    }

    /** Results on their way, and transactions. On the conductor's thread. */
    public Publishing publishing() {
        return new Publishing(publisher.waiting(), publisher.inFlight());
    }

    /** The last block taken; -1 for none. On the conductor's thread. */
    public long block() {
        return events.block();
    }

    private void end(String task) {
        works.end(task);
        recovery.forget(task);
        runner.cancel(task);
        publisher.ended(task);
        advancer.forget(task);
        loader.forget(task);
        book.ended(task);
        startNext();
    }

    // ---- start, time, stop ----

    /**
     * Says where the ledger stands: up to there the pipeline catches up before anything runs.
     *
     * @return the block to begin with: that of the checkpoint once more
     */
    public long begin(long height) {
        events.caughtUpAt(height);
        return events.from();
    }

    public boolean isCaughtUp() {
        return caughtUp;
    }

    /** The stream has shown everything up to the start: transactions without a code go out again, open parts go on. */
    private void takeUp() {
        recovery.resend(book, works, publisher);
        recovery.openBefore(book, self);
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
        for (Work work : works.waiting()) {
            if (now > work.assignment.acceptDeadline()) {
                Waiting reason = work.reason(scheduler);
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
        loader.tick(now);
        publisher.tick(now);
        if (again) {
            book.all().forEach(task -> advancer.lookForOverdue(task, now));
        }
        advancer.tick(now);
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

    private Weighed weigh(ResultItem item) {
        return book.find(item.task()).map(task -> task.weigh(item)).orElseGet(() -> Weighed.alone(item));
    }
}
