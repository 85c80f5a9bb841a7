package dev.selvage.agent.pipeline;

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
