package dev.selvage.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.engine.EngineDescription;
import dev.selvage.model.SubTask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random loads by seed, with the invariants checked after every step. */
class SchedulerSimulationTest {
    private static final Resources NODE = new Resources(4000, 4L << 30, 8L << 30);
    private static final int LIMIT = 200;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    void invariants_hold_under_a_random_load(long seed) {
        var world = new World(seed);
        for (int step = 0; step < 3_000; step++) {
            world.step();
            world.check();
        }
        world.finish();
        assertThat(world.ended).as("everything taken has run, once").isEqualTo(world.taken);
    }

    @Test
    void creators_with_a_backlog_get_equal_turns() {
        var scheduler = new Scheduler(NODE, LIMIT);
        scheduler.engines(EngineRegistry.of(List.of(SchedulerTest.engine("a", 1, "op/1"))));
        List<EngineChoice> running = new ArrayList<>();
        for (int i = 0; i < 90; i++) { // 60 of the greedy creator first, then 30 of the modest one
            var creator = i < 60 ? "greedy" : "modest";
            scheduler
                    .offer(SchedulerTest.demand(creator, creator + i % 7, i, "op/1"), 0)
                    .fold(reserved -> running.add(reserved.choice()), queued -> true, declined -> false);
        }
        Map<String, Integer> served = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            scheduler.release(running.remove(0), i);
            var next = scheduler.next(i);
            next.forEach(choice -> served.merge(choice.demand().creator(), 1, Integer::sum));
            running.addAll(next);
        }
        assertThat(served.get("modest")).isBetween(19, 21);
    }

    @Test
    void a_large_demand_is_not_overtaken_for_ever() {
        var scheduler = new Scheduler(NODE, LIMIT);
        scheduler.engines(EngineRegistry.of(List.of(SchedulerTest.engine("a", 100, "op/1"))));
        List<EngineChoice> running = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            scheduler
                    .offer(SchedulerTest.demand("small", "s", i, "op/1"), 0)
                    .fold(reserved -> running.add(reserved.choice()), queued -> true, declined -> false);
        }
        var large = new Demand(
                SchedulerTest.key("large", 0),
                "large",
                "op/1",
                SchedulerTest.demand("x", "x", 0, "op/1").digest(),
                new SubTask.Requirement(4000L, null, null),
                Set.of());
        assertThat(scheduler.offer(large, 0)).isInstanceOf(Offer.Queued.class);
        boolean ran = false;
        for (int i = 4; i < 200 && !ran; i++) {
            scheduler.offer(SchedulerTest.demand("small", "s", i, "op/1"), i);
            if (!running.isEmpty()) {
                scheduler.release(running.remove(0), i);
            }
            for (EngineChoice choice : scheduler.next(i)) {
                ran |= choice.demand().equals(large);
                running.add(choice);
            }
        }
        assertThat(ran).isTrue();
    }

    private static final class World {
        private final Random random;
        private final Scheduler scheduler = new Scheduler(NODE, LIMIT);
        private final List<EngineDescription> engines = new ArrayList<>();
        private final List<EngineChoice> running = new ArrayList<>();
        private final Set<Demand> waiting = new HashSet<>();
        private final Set<Demand> taken = new HashSet<>();
        private final Set<Demand> ended = new HashSet<>();
        private int made;
        private long now;

        World(long seed) {
            random = new Random(seed);
            for (int i = 0; i < 3; i++) {
                engines.add(SchedulerTest.engine("e" + i, 1 + random.nextInt(3), "op/" + (1 + i)));
            }
        }

        void step() {
            now += random.nextInt(20);
            switch (random.nextInt(10)) {
                case 0 -> {
                    scheduler.engines(EngineRegistry.of(engines.subList(0, random.nextInt(4))));
                    start(scheduler.next(now));
                }
                case 1, 2, 3, 4, 5 -> offer();
                default -> end();
            }
        }

        private void offer() {
            var demand = new Demand(
                    SchedulerTest.key("t" + random.nextInt(6), made++),
                    "c" + random.nextInt(3),
                    "op/" + (1 + random.nextInt(3)),
                    SchedulerTest.demand("x", "x", 0, "op/1").digest(),
                    new SubTask.Requirement((1L + random.nextInt(5)) * 1000, (1L + random.nextInt(4)) << 29, 64L << 20),
                    Set.of());
            scheduler
                    .offer(demand, now)
                    .fold(
                            reserved -> {
                                taken.add(demand);
                                return running.add(reserved.choice());
                            },
                            queued -> {
                                taken.add(demand);
                                assertThat(queued.reason().sentence()).isNotBlank();
                                return waiting.add(demand);
                            },
                            declined -> {
                                assertThat(declined.sentence()).isNotBlank();
                                return true;
                            });
        }

        private void end() {
            if (!running.isEmpty()) {
                var choice = running.remove(random.nextInt(running.size()));
                assertThat(ended.add(choice.demand())).as("runs once").isTrue();
                scheduler.release(choice, now);
            }
            start(scheduler.next(now));
        }

        private void start(List<EngineChoice> started) {
            started.forEach(
                    choice -> assertThat(waiting.remove(choice.demand())).isTrue());
            running.addAll(started);
        }

        void finish() {
            scheduler.engines(EngineRegistry.of(engines));
            start(scheduler.next(now));
            while (!running.isEmpty()) {
                end();
                check();
            }
        }

        void check() {
            long cpus = running.stream()
                    .mapToLong(choice -> choice.demand().requirement().cpus())
                    .sum();
            long memory = running.stream()
                    .mapToLong(choice -> choice.demand().requirement().memory())
                    .sum();
            assertThat(cpus).as("cpus in use").isLessThanOrEqualTo(NODE.cpus());
            assertThat(memory).as("memory in use").isLessThanOrEqualTo(NODE.memory());
            var load = scheduler.load();
            assertThat(load.free().cpus()).as("the book agrees").isEqualTo(NODE.cpus() - cpus);
            assertThat(load.running()).isEqualTo(running.size());
            assertThat(load.waiting()).isEqualTo(waiting.size()).isLessThanOrEqualTo(LIMIT);
            for (EngineDescription engine : engines) {
                assertThat(running.stream().filter(choice -> choice.engine().equals(engine.engine())))
                        .as("runs of " + engine.engine())
                        .hasSizeLessThanOrEqualTo(engine.capacity().runs());
            }
            waiting.forEach(demand -> assertThat(scheduler.why(demand.key()))
                    .as("everything that waits has a reason")
                    .hasValueSatisfying(reason -> assertThat(reason.sentence()).isNotBlank()));
        }
    }
}
