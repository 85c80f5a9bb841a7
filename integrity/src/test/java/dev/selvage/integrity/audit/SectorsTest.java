package dev.selvage.integrity.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.integrity.pairing.Pairing;
import org.junit.jupiter.api.Test;

class SectorsTest {
    @Test
    void a_pairing_is_loaded_once_and_its_points_are_made_once() {
        assertThat(Pairing.fastest()).isSameAs(Pairing.fastest());
        assertThat(Pairing.pureJava()).isSameAs(Pairing.pureJava());
        var sectors = Sectors.of(Pairing.fastest(), 620);
        assertThat(Sectors.of(Pairing.fastest(), 620)).isSameAs(sectors);
        assertThat(Sectors.of(Pairing.fastest(), 610)).as("as many sectors").isSameAs(sectors);
        assertThat(Sectors.of(Pairing.pureJava(), 620)).isNotSameAs(sectors);
    }

    @Test
    void points_of_many_block_sizes_are_not_all_kept() {
        var first = Sectors.of(Pairing.fastest(), 100_000);
        for (int size = 64 << 10; size <= 256 << 10; size *= 2) {
            Sectors.of(Pairing.fastest(), size);
        }
        assertThat(Sectors.kept()).isPositive().isLessThanOrEqualTo(1 << 14);
        assertThat(Sectors.of(Pairing.fastest(), 100_000)).isNotSameAs(first);
        Sectors.of(Pairing.fastest(), 1 << 20);
        assertThat(Sectors.kept()).isLessThanOrEqualTo(1 << 14);
    }
}
