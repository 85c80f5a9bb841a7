package dev.selvage.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.engine.EngineDescription;
import dev.selvage.engine.RunKey;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.SubTask;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private static final Digest PINNED = Digest.of("operation".getBytes(StandardCharsets.UTF_8));
    private static final Resources NODE = new Resources(4000, 4L << 30, 10L << 30);

    private final Scheduler scheduler = new Scheduler(NODE, 3);

    @Test
    void reserves_at_once_what_fits() {
        scheduler.engines(EngineRegistry.of(List.of(engine("a", 1, "sum/1"))));
        assertThat(scheduler.offer(demand("u", "t1", 0, "sum/1"), 0)).isInstanceOf(Offer.Reserved.class);
        assertThat(scheduler.load().free().cpus()).isEqualTo(3000);
    }

    @Test
    void names_the_missing_engine_and_what_is_offered() {
        scheduler.engines(EngineRegistry.of(List.of(engine("a", 1, "sum/1"))));
        var queued = (Offer.Queued) scheduler.offer(demand("u", "t1", 0, "mean/1"), 0);
        assertThat(queued.reason()).isEqualTo(new Waiting.ForEngine("mean/1", List.of("sum/1")));
        assertThat(queued.reason().code()).isEqualTo(ErrorCode.NO_ENGINE);
    }

    @Test
    void names_an_engine_that_was_written_for_another_operation_file() {
        var other =
                new EngineDescription.Offer("sum/1", Optional.of(Digest.of("other".getBytes(StandardCharsets.UTF_8))));
        scheduler.engines(EngineRegistry.of(List.of(engine("a", 1, other))));
        var queued = (Offer.Queued) scheduler.offer(demand("u", "t1", 0, "sum/1"), 0);
        assertThat(queued.reason()).isEqualTo(new Waiting.ForOperation("sum/1"));
    }

    @Test
    void starts_what_waits_when_a_run_ends_or_an_engine_comes() {
        var first = demand("u", "t1", 0, "sum/1");
        assertThat(scheduler.offer(first, 0)).isInstanceOf(Offer.Queued.class);
        scheduler.engines(EngineRegistry.of(List.of(engine("a", 1, "sum/1"))));
        var started = scheduler.next(1);
        assertThat(started).extracting(EngineChoice::demand).containsExactly(first);
        var second = demand("u", "t1", 1, "sum/1");
        assertThat(((Offer.Queued) scheduler.offer(second, 1)).reason()).isEqualTo(new Waiting.ForRuns("a", 1));
        scheduler.release(started.get(0), 5);
        assertThat(scheduler.next(5)).extracting(EngineChoice::demand).containsExactly(second);
    }

    @Test
    void declines_what_the_node_can_never_run_and_what_the_queue_cannot_hold() {
        var huge =
                new Demand(key("t1", 0), "u", "sum/1", PINNED, new SubTask.Requirement(64_000L, null, null), Set.of());
        assertThat(((Offer.Declined) scheduler.offer(huge, 0)).code()).isEqualTo(ErrorCode.RESOURCES_EXCEED_NODE);
        for (int i = 0; i < 3; i++) {
            assertThat(scheduler.offer(demand("u", "t1", i, "sum/1"), 0)).isInstanceOf(Offer.Queued.class);
        }
        assertThat(((Offer.Declined) scheduler.offer(demand("u", "t1", 9, "sum/1"), 0)).code())
                .isEqualTo(ErrorCode.QUEUE_FULL);
    }

    @Test
    void answers_a_question_without_taking_the_demand() {
        scheduler.engines(EngineRegistry.of(List.of(engine("a", 1, "sum/1"))));
        assertThat(scheduler.ask(demand("u", "t1", 0, "sum/1"), 0)).isInstanceOf(Offer.Reserved.class);
        assertThat(scheduler.load().running()).isZero();
    }

    @Test
    void a_draining_node_starts_nothing_new() {
        scheduler.engines(EngineRegistry.of(List.of(engine("a", 1, "sum/1"))));
        scheduler.drain(true);
        assertThat(((Offer.Queued) scheduler.offer(demand("u", "t1", 0, "sum/1"), 0)).reason())
                .isEqualTo(new Waiting.ForDrain());
        scheduler.drain(false);
        assertThat(scheduler.next(0)).hasSize(1);
    }

    @Test
    void refuses_two_standard_engines_that_front_one_heterogeneous_engine() {
        var one = engine("a", 1, "sum/1");
        var twin = new EngineDescription(
                "b", "1", one.instance(), one.operations(), true, true, false, true, one.capacity(), Duration.ZERO);
        assertThatThrownBy(() -> EngineRegistry.of(List.of(one, twin)))
                .isInstanceOfSatisfying(
                        SelvageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_TWICE));
    }

    @Test
    void data_that_lies_in_an_engine_is_computed_there() {
        scheduler.engines(EngineRegistry.of(List.of(engine("a", 1, "sum/1"), engine("b", 1, "sum/1"))));
        var there = new Demand(key("t1", 0), "u", "sum/1", PINNED, SubTask.Requirement.DEFAULT, Set.of("b"));
        assertThat(((Offer.Reserved) scheduler.offer(there, 0)).choice().engine())
                .isEqualTo("b");
    }

    static EngineDescription engine(String name, int runs, String... operations) {
        return engine(
                name,
                runs,
                java.util.Arrays.stream(operations)
                        .map(op -> new EngineDescription.Offer(op, Optional.empty()))
                        .toArray(EngineDescription.Offer[]::new));
    }

    static EngineDescription engine(String name, int runs, EngineDescription.Offer... offers) {
        return new EngineDescription(
                name,
                "1",
                "instance-" + name,
                List.of(offers),
                true,
                true,
                false,
                true,
                new EngineDescription.Capacity(runs, Duration.ofMinutes(1), 1 << 20, 0, 0),
                Duration.ZERO);
    }

    static Demand demand(String creator, String task, int part, String operation) {
        return new Demand(key(task, part), creator, operation, PINNED, SubTask.Requirement.DEFAULT, Set.of());
    }

    static RunKey key(String task, int part) {
        return new RunKey(task, "sub", part, 1, "role");
    }
}
