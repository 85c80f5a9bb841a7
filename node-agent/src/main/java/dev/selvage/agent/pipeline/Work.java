package dev.selvage.agent.pipeline;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.scheduler.Scheduler;
import dev.selvage.scheduler.Waiting;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A part on its way through this node. On the conductor's thread, but for what is final. */
final class Work {
    private static final Logger LOG = LoggerFactory.getLogger(Work.class);

    final Assignment assignment;
    final Measured measured;
    final long since = System.nanoTime();
    /** Whether nobody wants it any more: its task has ended, or the ledger has a result. Read by the worker too. */
    volatile boolean gone;

    PartStanding.Stage stage = PartStanding.Stage.WAITING;
    /** Why it waits, as far as the scheduler does not say. */
    Waiting reason;
    /** Whether the scheduler has it in its queue and wakes it. */
    boolean queued;

    Work(Assignment assignment) {
        this.assignment = assignment;
        this.measured = new Measured(assignment.received());
    }

    /** It waits; what is out of the ordinary is logged once. */
    Work waitsFor(Waiting why) {
        boolean ordinary =
                why instanceof Waiting.ForRuns || why instanceof Waiting.ForResources || why instanceof Waiting.ForTurn;
        if (!ordinary && !why.equals(reason)) {
            var key = assignment.key();
            LOG.info("task={} run={} waits: {} {}", key.task(), key, why.code(), why.sentence());
        }
        reason = why;
        return this;
    }

    /** Something of this node was missing for a moment: it waits and is placed again. */
    void again(SelvageException fault) {
        stage = PartStanding.Stage.WAITING;
        queued = false;
        waitsFor(new Waiting.ForContent(fault.code(), fault.sentence()));
    }

    /** Whatever went wrong, in the shape of a fault. */
    static SelvageException fault(RuntimeException e) {
        return e instanceof SelvageException ours
                ? ours
                : new SelvageException(ErrorCode.INTERNAL, "The node failed; its log says more.", e);
    }

    /** It has its engine. */
    void starts() {
        stage = PartStanding.Stage.RUNNING;
        reason = null;
        measured.waitedSince(since);
    }

    boolean waits() {
        return stage == PartStanding.Stage.WAITING;
    }

    /** Why it waits now. */
    Waiting reason(Scheduler scheduler) {
        return scheduler.why(assignment.key()).orElse(reason);
    }

    PartStanding standing(Scheduler scheduler) {
        return new PartStanding(
                assignment.key(),
                stage,
                waits() ? Optional.ofNullable(reason(scheduler)) : Optional.empty(),
                assignment.acceptDeadline());
    }
}
