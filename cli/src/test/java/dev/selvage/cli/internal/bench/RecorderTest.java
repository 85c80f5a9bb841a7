package dev.selvage.cli.internal.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecorderTest {
    @Test
    void what_ends_within_the_span_is_counted_and_nothing_else() {
        var recorder = new Recorder(1_000, 2_000, 2_000);
        recorder.ended(0, 999);
        recorder.ended(0, 1_000);
        recorder.ended(500, 1_999);
        recorder.ended(1_500, 2_000);
        assertThat(recorder.count()).isEqualTo(2);
        assertThat(recorder.last()).isEqualTo(1_999);
    }

    @Test
    void failures_count_whenever_they_are() {
        var recorder = new Recorder(1_000, 2_000, 2_000);
        recorder.failed();
        assertThat(recorder.failures()).isEqualTo(1);
        assertThat(recorder.count()).isZero();
    }

    @Test
    void latencies_are_by_share_of_all_in_microseconds() {
        var recorder = new Recorder(0, Long.MAX_VALUE, 0);
        assertThat(recorder.micros(0.5)).isZero();
        assertThat(recorder.last()).isZero();
        for (int i = 2_000; i >= 1; i--) { // more than it begins with room for
            recorder.ended(0, i * 1_000L);
        }
        assertThat(recorder.count()).isEqualTo(2_000);
        assertThat(recorder.micros(0.5)).isEqualTo(1_001);
        assertThat(recorder.micros(0.99)).isEqualTo(1_981);
        assertThat(recorder.micros(1)).isEqualTo(2_000);
    }
}
