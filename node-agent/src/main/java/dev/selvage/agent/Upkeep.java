package dev.selvage.agent;

import dev.selvage.agent.content.FinishedResults;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node that has caught up does now and then beside its work. */
final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final long SELDOM_MS = 5_000;
    private static final long SWEEP_MS = 300_000;

    private final AgentParts parts;
    private final Runnable changed;

    /** @param changed tells the pipeline that it has other engines now */
    Upkeep(AgentParts parts, Runnable changed) {
        this.parts = parts;
        this.changed = changed;
    }

    /**
     * Begins.
     *
     * @param port where the node is reached
     */
    void start(int port) {
        var notice = new NodeNotice(parts.config(), parts.ledger(), parts.model());
        repeat(SELDOM_MS, () -> notice.tell(parts.scheduler().engines().engines(), port));
        repeat(SELDOM_MS, this::askSilent);
        var retention = parts.config().retention();
        var finished = new FinishedResults(
                parts.store(), parts.model()::finished, retention.content(), retention.contentSize(), parts.clock());
        repeat(SWEEP_MS, finished::sweep);
        repeat(SWEEP_MS, this::forgetEnded);
    }

    private void repeat(long pause, Runnable work) {
        parts.threads().every(pause, () -> parts.threads().call(work));
    }

    private void askSilent() {
        parts.engines().askSilent().ifPresent(registry -> {
            parts.scheduler().engines(registry);
            changed.run();
        });
    }

    private void forgetEnded() {
        var keep = parts.config().retention().journal();
        int forgotten = parts.journal().forgetEndedBefore(parts.clock().millis() - keep.toMillis());
        if (forgotten > 0) {
            LOG.info("the journal forgot {} tasks that ended long ago", forgotten);
        }
    }
}
