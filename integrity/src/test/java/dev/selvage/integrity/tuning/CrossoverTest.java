package dev.selvage.integrity.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CrossoverTest {
    private static final long MIB = 1 << 20;
    private static final List<Long> SIZES =
            LongStream.range(0, 9).map(i -> MIB << i).boxed().toList();

    /** Rates of something that takes so many milliseconds to begin and then goes at so many bytes a second. */
    private static double[] rates(double begin, double rate) {
        return SIZES.stream()
                .mapToDouble(size -> size / (begin / 1000 + size / rate))
                .toArray();
    }

    @Test
    void a_gpu_that_is_faster_at_the_measured_sizes_is_taken_from_the_smallest_of_them() {
        assertThat(Crossover.from(SIZES, rates(10, 5e9), rates(0, 1e9))).hasValue(16 * MIB);
        assertThat(Crossover.from(SIZES, rates(0, 5e9), rates(1, 1e9))).hasValue(MIB);
    }

    @Test
    void a_gpu_that_wins_from_a_larger_size_than_the_sample_is_taken_from_there() {
        // 560 ms more to begin, 0.8 ns a byte less: even at 700 MB
        var from = Crossover.from(SIZES, rates(560, 5e9), rates(0, 1e9));
        assertThat(from.orElseThrow()).isBetween(699_000_000L, 701_000_000L);
    }

    @Test
    void a_gpu_that_wins_never_or_hardly_ever_is_not_taken() {
        assertThat(Crossover.from(SIZES, rates(10, 0.9e9), rates(0, 1e9))).isEmpty();
        assertThat(Crossover.from(SIZES, rates(20, 1.05e9), rates(0, 1e9)))
                .as("within what measuring can tell")
                .isEmpty();
        assertThat(Crossover.from(SIZES, rates(60_000, 5e9), rates(0, 1e9)))
                .as("from 75 GB on")
                .isEmpty();
        assertThat(Crossover.from(List.of(MIB), new double[] {1}, new double[] {2}))
                .isEmpty();
    }
}
