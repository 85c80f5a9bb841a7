package dev.selvage.agent.pipeline;

import dev.selvage.agent.pipeline.Measured.Phase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** What the agent measures of itself; names are in docs/agent.md. */
public final class PipelineMetrics {
    private final MeterRegistry registry;
    /** Bounds of the histogram, in milliseconds. */
    private static final long[] BOUNDS = {
        1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 2000, 5000
    };

    private final Timer ownTime;
    private final Timer spread;
    private final Map<Phase, Timer> phases = new EnumMap<>(Phase.class);
    private final Counter results;
    private final DistributionSummary batches;

    public PipelineMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.ownTime = Timer.builder("selvage.subtask.own.time")
                .description("the agent's own time per sub-task, without engines, the ledger and waiting")
                .publishPercentiles(0.5, 0.99)
                .distributionStatisticExpiry(Duration.ofHours(24))
                .register(registry);
        this.spread = Timer.builder("selvage.subtask.own.time.histogram")
                .description("the same in buckets, which can be compared between two moments and added up over nodes")
                .serviceLevelObjectives(bounds())
                .register(registry);
        for (Phase phase : Phase.values()) {
            phases.put(phase, phase(phase));
        }
        this.results = Counter.builder("selvage.results.committed")
                .description("results of this node that are on the ledger")
                .register(registry);
        this.batches = DistributionSummary.builder("selvage.results.per.transaction")
                .description("results that shared a transaction")
                .publishPercentiles(0.5, 0.99)
                .register(registry);
    }

    /** One sub-task's own time, with its phases. */
    void ownTime(Measured measured) {
        long own = Math.max(0, measured.own());
        ownTime.record(own, TimeUnit.NANOSECONDS);
        spread.record(own, TimeUnit.NANOSECONDS);
        measured.phases().forEach((phase, nanos) -> phases.get(phase).record(Math.max(0, nanos), TimeUnit.NANOSECONDS));
    }

    private static Duration[] bounds() {
        return LongStream.of(BOUNDS).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }

    private Timer phase(Phase phase) {
        return Timer.builder("selvage.subtask.own.phase")
                .description("the phases of the agent's own time per sub-task")
                .tag("phase", phase.name().toLowerCase(Locale.ROOT))
                .serviceLevelObjectives(bounds())
                .register(registry);
    }

    void committed(int count) {
        results.increment(count);
        batches.record(count);
    }

    void invalid(String code) {
        registry.counter("selvage.transactions.invalid", "code", code).increment();
    }

    void gauge(String name, String description, Supplier<Number> value) {
        io.micrometer.core.instrument.Gauge.builder(name, value)
                .description(description)
                .register(registry);
    }
}
