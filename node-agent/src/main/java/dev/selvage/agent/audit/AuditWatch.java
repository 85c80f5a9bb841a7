package dev.selvage.agent.audit;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.MetadataApi.AuditView;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends audits whose awaited step did not come in time: what a node that was killed in the middle had opened, and what the other side left lying. It looks at the
 * ledger, so it needs to remember nothing over a restart. The buyer's nodes go first; the other side ends only what they leave.
 */
final class AuditWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration AFTER_A_FAULT = Duration.ofMinutes(1);
    /** How long the other side waits for the buyer's nodes. */
    private static final Duration TURN = Duration.ofSeconds(30);

    private final NodeId self;
    private final Metadata metadata;
    private final Clock clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var daemon = new Thread(task, "audit-watch");
        daemon.setDaemon(true);
        return daemon;
    });
    /** From when each open audit may be ended, as far as the contract has said it. Used by one thread at a time. */
    private final Map<String, Long> due = new HashMap<>();

    AuditWatch(NodeId self, Metadata metadata, Clock clock) {
        this.self = self;
        this.metadata = metadata;
        this.clock = clock;
    }

    void start() {
        after(EVERY);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a turn tells its faults itself
    private void after(Duration pause) {
        thread.schedule(this::turn, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void turn() {
        var pause = EVERY;
        try {
            look();
        } catch (SelvageException e) {
            LOG.debug("open audits cannot be looked at: {}", e.getMessage());
            pause = AFTER_A_FAULT; // no such contract, or no ledger at present
        } catch (RuntimeException e) {
            LOG.warn("open audits cannot be looked at", e);
            pause = AFTER_A_FAULT;
        }
        if (!thread.isShutdown()) {
            after(pause);
        }
    }

    /** Ends what is due; returns how many. */
    int look() {
        var open = metadata.openAudits();
        due.keySet().retainAll(open.stream().map(view -> view.audit().id()).collect(Collectors.toSet()));
        int ended = 0;
        for (AuditView view : open) {
            String audit = view.audit().id();
            long now = clock.millis();
            if (now >= due.computeIfAbsent(audit, id -> mine(view) ? 0 : now + TURN.toMillis()) && end(view)) {
                due.remove(audit);
                ended++;
            }
        }
        return ended;
    }

    private boolean end(AuditView view) {
        String audit = view.audit().id();
        try {
            var end = metadata.expire(audit);
            LOG.info("audit={} of {} ended: {}", audit, view.audit().data(), end.state());
            return true;
        } catch (SelvageException e) {
            boolean early =
                    e.code() == ErrorCode.NOT_YET_EXPIRED && e.parameters().containsKey("from");
            if (!early) {
                LOG.info("audit={} cannot be ended: {}", audit, e.getMessage());
            }
            due.put(
                    audit,
                    early
                            ? Long.parseLong(e.parameters().get("from")) + (mine(view) ? 1 : TURN.toMillis())
                            : clock.millis() + AFTER_A_FAULT.toMillis());
            return false;
        }
    }

    private boolean mine(AuditView view) {
        return view.audit().buyer().msp().equals(self.msp());
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
