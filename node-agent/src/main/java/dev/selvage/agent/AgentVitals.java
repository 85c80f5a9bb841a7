package dev.selvage.agent;

import dev.selvage.agent.monitor.Readiness;
import dev.selvage.agent.monitor.Readiness.Check;
import dev.selvage.agent.monitor.Vitals;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** How an agent is. Asking costs nothing but, at most every five seconds, one small write to the journal. */
final class AgentVitals implements Vitals {
    private static final long LONGEST_SILENCE = TimeUnit.SECONDS.toNanos(30);
    private static final long KEPT = TimeUnit.SECONDS.toNanos(5);

    private final Agent agent;
    private volatile long beat = System.nanoTime();
    private Check journal;
    private long written;

    AgentVitals(Agent agent) {
        this.agent = agent;
    }

    /** The conductor is at work. */
    void beat() {
        beat = System.nanoTime();
    }

    void register(MeterRegistry registry) {
        gauge(
                registry,
                "selvage.ledger.connected",
                "1 while blocks come",
                it -> it.ledger().fault().isEmpty() ? 1 : 0);
        gauge(
                registry,
                "selvage.ledger.block",
                "the last block that is in the read model",
                it -> it.agent
                        .parts()
                        .model()
                        .checkpoint()
                        .map(point -> point.block())
                        .orElse(-1L));
        gauge(
                registry,
                "selvage.parts.running",
                "parts with an engine",
                it -> it.agent.parts().scheduler().load().running());
        gauge(
                registry,
                "selvage.parts.waiting",
                "parts that wait for an engine",
                it -> it.agent.parts().scheduler().load().waiting());
        gauge(
                registry,
                "selvage.engines.silent",
                "engines that do not answer",
                it -> it.agent.parts().engines().silent());
    }

    private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<AgentVitals> value) {
        Gauge.builder(name, this, value).description(description).register(registry);
    }

    @Override
    public String metrics() {
        return agent.metrics();
    }

    @Override
    public Readiness live() {
        long silence = System.nanoTime() - beat;
        return Readiness.of(
                silence > LONGEST_SILENCE
                        ? Check.fails(
                                "conductor",
                                ErrorCode.INTERNAL,
                                "The node's conductor has not moved for " + TimeUnit.NANOSECONDS.toSeconds(silence)
                                        + " s.")
                        : Check.ok("conductor"));
    }

    @Override
    public Readiness ready() {
        return Readiness.of(ledger(), journal(), engines(), certificates());
    }

    private Check ledger() {
        var stopped = agent.stopped().getNow(null);
        if (stopped != null) {
            return new Check("ledger", Optional.of(stopped));
        }
        String trouble = agent.trouble();
        if (!trouble.isEmpty()) {
            return new Check(
                    "ledger",
                    Optional.of(SelvageException.fromWire(trouble)
                            .orElseGet(() -> new SelvageException(ErrorCode.LEDGER_UNREACHABLE, trouble))));
        }
        return agent.ready().isDone()
                ? Check.ok("ledger")
                : Check.fails("ledger", ErrorCode.PEER_BEHIND, "The node still reads the ledger.");
    }

    /** Whether what the node must remember can be written. */
    private synchronized Check journal() {
        long now = System.nanoTime();
        if (journal == null || now - written > KEPT) {
            written = now;
            try {
                agent.parts().journal().requireWritable();
                journal = Check.ok("journal");
            } catch (SelvageException e) {
                journal = new Check("journal", Optional.of(e));
            }
        }
        return journal;
    }

    private Check certificates() {
        return new Check("certificates", agent.parts().certificates().ended());
    }

    private Check engines() {
        int silent = agent.parts().engines().silent();
        return silent == 0
                ? Check.ok("engines")
                : Check.fails(
                        "engines",
                        ErrorCode.ENGINE_UNREACHABLE,
                        silent + (silent == 1 ? " engine does" : " engines do") + " not say what it is.");
    }
}
