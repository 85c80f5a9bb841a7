package dev.selvage.agent.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.agent.ManualClock;
import dev.selvage.engine.RunKey;
import dev.selvage.model.Digest;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FinishedResultsTest {
    private static final String A = "a".repeat(32);
    private static final String B = "b".repeat(32);
    private static final String C = "c".repeat(32);

    @TempDir
    Path folder;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-22T00:00:00Z"));
    private final Map<String, Instant> ended = new HashMap<>();
    private ContentStore store;

    @BeforeEach
    void open() {
        store = ContentStore.open(folder, new ContentLimits(1 << 20, 0, 0, 0), clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Digest result(String task, int part, int size) {
        byte[] bytes = new byte[size];
        bytes[0] = (byte) task.charAt(0);
        bytes[1] = (byte) part;
        var key = new RunKey(task, "sub", part, 1, "role");
        return store.put(new ByteArrayInputStream(bytes), size, Hold.owned(FinishedResults.reference(key)))
                .digest();
    }

    private int sweep(Duration keep, long most) {
        return new FinishedResults(store, task -> Optional.ofNullable(ended.get(task)), keep, most, clock).sweep();
    }

    @Test
    void results_of_running_and_unknown_tasks_stay_whatever_they_take() {
        Digest running = result(A, 0, 10_000);
        assertThat(sweep(Duration.ZERO, 0)).isZero();
        assertThat(store.verify(running)).isTrue();
    }

    @Test
    void results_go_when_their_time_is_over() {
        Digest old = result(A, 0, 100);
        Digest young = result(B, 0, 100);
        ended.put(A, clock.instant());
        clock.advance(Duration.ofDays(20));
        ended.put(B, clock.instant());
        clock.advance(Duration.ofDays(11));
        assertThat(sweep(Duration.ofDays(30), 1_000)).isEqualTo(1);
        assertThat(store.find(old)).isEmpty();
        assertThat(store.verify(young)).isTrue();
    }

    @Test
    void the_tasks_that_finished_first_go_while_all_take_too_much() {
        Digest first = result(C, 0, 400);
        Digest second = result(A, 0, 400);
        Digest third = result(B, 0, 400);
        Digest running = result("d".repeat(32), 0, 5_000);
        ended.put(C, clock.instant());
        ended.put(A, clock.instant().plusSeconds(1));
        ended.put(B, clock.instant().plusSeconds(2));
        assertThat(sweep(Duration.ofDays(30), 800)).isEqualTo(1);
        assertThat(store.find(first)).isEmpty();
        assertThat(store.find(second)).isPresent();
        assertThat(store.find(third)).isPresent();
        assertThat(store.find(running)).isPresent();
    }

    @Test
    void what_another_holds_stays() {
        Digest pinned = result(A, 0, 100);
        store.hold(pinned, Hold.pinned("me"));
        store.put(new ByteArrayInputStream(new byte[7]), 7, Hold.owned("data/flights"));
        ended.put(A, clock.instant());
        clock.advance(Duration.ofDays(31));
        assertThat(sweep(Duration.ofDays(30), 0)).isEqualTo(1);
        assertThat(store.verify(pinned)).isTrue();
        assertThat(store.references(Retention.OWNED)).containsExactly("data/flights");
    }
}
