package dev.selvage.agent.pipeline;

import dev.selvage.scheduler.Demand;
import dev.selvage.scheduler.Offer;
import dev.selvage.scheduler.Scheduler;
import dev.selvage.scheduler.Waiting;
import java.time.Instant;
import java.util.Optional;

/** Asks the scheduler for an engine, unless something else is missing first: waiting for data or a grant holds no resources. */
final class Placement {
    private final Scheduler scheduler;
    private final InputGatherer gatherer;

    Placement(Scheduler scheduler, InputGatherer gatherer) {
        this.scheduler = scheduler;
        this.gatherer = gatherer;
    }

    /**
     * The answer for a part.
     *
     * @param now milliseconds since 1970 UTC
     */
    Offer of(Work work, long now) {
        var assignment = work.assignment;
        work.queued = false;
        if (assignment.notBefore() > now) {
            return waits(new Waiting.ForTime(Instant.ofEpochMilli(assignment.notBefore())));
        }
        var missing = gatherer.missing(assignment);
        if (missing.isPresent()) {
            return waits(missing.get());
        }
        Offer offer = scheduler.offer(
                new Demand(
                        assignment.key(),
                        assignment.task().fact().creator().toString(),
                        assignment.operation().operation(),
                        assignment.operationDigest(),
                        assignment.requirement(),
                        gatherer.engines(assignment)),
                now);
        work.queued = offer instanceof Offer.Queued;
        return offer;
    }

    private static Offer waits(Waiting reason) {
        return new Offer.Queued(reason, 0, Optional.empty());
    }
}
