package dev.selvage.integrity.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.integrity.audit.FileKey;
import dev.selvage.integrity.hash.CpuWay;
import dev.selvage.integrity.hash.HashForm;
import dev.selvage.integrity.hash.HashLayout;
import dev.selvage.integrity.hash.Hasher;
import dev.selvage.integrity.hash.StableFile;
import dev.selvage.integrity.hash.gpu.Gpu;
import dev.selvage.integrity.hash.gpu.GpuLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuningTest {
    private static final Gpu.Search NO_GPU = new Gpu.Search(Optional.empty(), "no CUDA driver on this machine");
    private static final HashLayout LAYOUT = new HashLayout(16_384, 2, 65_536, CpuWay.READ);
    private static final Machine HERE = Machine.here(NO_GPU);

    @TempDir
    Path folder;

    @Test
    void a_measurement_tries_every_way_and_takes_the_smallest_of_what_is_equally_fast() throws IOException {
        var tuning = measure(2 << 20);
        assertThat(tuning.figures())
                .extracting(Tuning.Figure::what)
                .contains("way and chunk", "block", "lanes")
                .doesNotContain("batch");
        assertThat(tuning.figures()).allMatch(figure -> figure.rate() > 0);
        for (CpuWay way : CpuWay.available()) {
            assertThat(tuning.figures()).anyMatch(figure -> figure.value().startsWith(way.name()));
        }
        long best = tuning.figures().stream()
                .filter(figure -> figure.what().equals("lanes"))
                .mapToLong(Tuning.Figure::rate)
                .max()
                .orElseThrow();
        assertThat(tuning.cpuRate()).isBetween(Math.round(best * 0.96), best);
        assertThat(tuning.noGpu()).isEqualTo("no CUDA driver on this machine");
    }

    @Test
    void a_measurement_is_kept_for_its_folder_and_those_in_it_on_this_machine_alone() throws IOException {
        var tuning = tuning(null);
        TuningFile.write(folder, tuning);
        Path inside = Files.createDirectories(folder.resolve("nodes/ewr"));
        assertThat(TuningFile.find(inside, HERE).tuning()).hasValue(tuning);
        var other = new Machine("another", 64, 1L << 40, "Linux amd64", "21", "both compilers", List.of("READ"), "");
        assertThat(TuningFile.find(folder, other))
                .isEqualTo(new TuningFile.Found(
                        Optional.empty(), "the measurement belongs to another machine (selvage data tune)"));
    }

    @Test
    void a_damaged_measurement_is_as_none() throws IOException {
        Files.writeString(folder.resolve(TuningFile.NAME), "{\"machine\":1}");
        assertThat(TuningFile.find(folder, HERE).absent()).contains("not readable");
        Files.write(folder.resolve(TuningFile.NAME), new byte[2 << 20]);
        assertThat(TuningFile.find(folder, HERE).absent()).contains("not readable");
    }

    @Test
    void a_file_is_hashed_as_measured_and_the_record_says_so() throws IOException {
        try (var hashing = new Hashing(HERE, NO_GPU, new TuningFile.Found(Optional.of(tuning(null)), ""));
                var file = file(100_000)) {
            var decision = hashing.decide(file.length(), HashWish.NONE);
            assertThat(decision)
                    .isEqualTo(new HashDecision(
                            "cpu", 16_384, 2, 65_536, "READ", 0, 0, 0, "no CUDA driver on this machine"));
            assertThat(hashing.decide(file.length(), HashWish.NONE.withBlockSize(4096))
                            .blockSize())
                    .isEqualTo(4096);
            var form = HashForm.salted(new FileKey(new byte[32]));
            var hashed = hashing.hash(file, decision, form, Hasher.Progress.NONE);
            assertThat(hashed.hashes()).hasSize(7 * 32);
            assertThat(hashed.decision()).isEqualTo(decision);
        }
    }

    @Test
    void without_a_measurement_the_record_says_that() {
        try (var hashing = new Hashing(HERE, NO_GPU, TuningFile.find(folder, HERE))) {
            var decision = hashing.decide(1, HashWish.NONE);
            assertThat(decision.why()).isEqualTo("nothing was measured on this machine (selvage data tune)");
            assertThat(decision.lanes()).isEqualTo(Runtime.getRuntime().availableProcessors());
        }
    }

    @Test
    void a_gpu_that_is_gone_or_a_small_file_is_for_the_cpu() {
        var choice = new Tuning.GpuChoice(new GpuLayout(1 << 20, 2, 128, 0), 4096, 50, 1_000_000);
        try (var hashing = new Hashing(HERE, NO_GPU, new TuningFile.Found(Optional.of(tuning(choice)), ""))) {
            assertThat(hashing.decide(999_999, HashWish.NONE).why())
                    .isEqualTo("smaller than 1000000 bytes, from which the GPU was faster");
            assertThat(hashing.decide(1_000_000, HashWish.NONE).why()).isEqualTo("no CUDA driver on this machine");
        }
    }

    @Test
    void a_wish_for_one_file_goes_before_the_measurement_and_the_record_says_so() throws IOException {
        try (var hashing = new Hashing(HERE, NO_GPU, new TuningFile.Found(Optional.of(tuning(null)), ""));
                var file = file(100_000)) {
            var wish = new HashWish(1024, 3, 8192, CpuWay.MAPPED, false);
            var decision = hashing.decide(file.length(), wish);
            assertThat(decision)
                    .isEqualTo(new HashDecision(
                            "cpu", 1024, 3, 8192, "MAPPED", 0, 0, 0, "no GPU is wanted; partly as asked for"));
            var form = HashForm.salted(new FileKey(new byte[32]));
            assertThat(hashing.hash(file, decision, form, Hasher.Progress.NONE).hashes())
                    .hasSize(98 * 32);
            assertThat(hashing.decide(1, new HashWish(null, null, null, null, true)))
                    .extracting(HashDecision::hasher, HashDecision::why)
                    .containsExactly("cpu", "no CUDA driver on this machine; partly as asked for");
            assertThat(hashing.decide(1, HashWish.NONE.withBlockSize(1020)).why())
                    .endsWith("; blocks of 1020 bytes take 18 compressions each, of 1015 one less");
            assertThatThrownBy(() -> hashing.decide(1, new HashWish(null, 0, null, null, null)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_median_needs_an_odd_number_of_rounds() {
        assertThatThrownBy(() -> measure(2 << 20, 4)).isInstanceOf(IllegalArgumentException.class);
    }

    private Tuning measure(int bytes) throws IOException {
        return measure(bytes, 3);
    }

    private Tuning measure(int bytes, int rounds) throws IOException {
        try (var file = file(bytes)) {
            return new Tuner(file, NO_GPU, rounds, what -> {}).measure(1);
        }
    }

    private static Tuning tuning(Tuning.GpuChoice choice) {
        return new Tuning(
                HERE,
                1,
                2,
                LAYOUT,
                3,
                choice,
                choice == null ? "no CUDA driver on this machine" : "",
                List.of(new Tuning.Figure("lanes", "2", "cpu", 3)));
    }

    private StableFile file(int bytes) throws IOException {
        return StableFile.open(Files.write(folder.resolve("sample"), new byte[bytes]));
    }
}
