package dev.selvage.cli.internal.bench.integrity;

import dev.selvage.integrity.hash.HashLayout;
import dev.selvage.integrity.hash.gpu.Gpu;
import dev.selvage.integrity.tuning.Hashing;
import dev.selvage.integrity.tuning.SampleFile;
import dev.selvage.integrity.tuning.Tuning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** All measures of one run, in order. */
public final class IntegrityBench {
    private static final long GIB = 1L << 30;
    private static final long HUNDRED_GB = 100_000_000_000L;

    /** What can be measured alone. */
    public enum Part {
        HASHING,
        MODES,
        DETECTION,
        LARGE
    }

    private final Path folder;
    private final Set<Part> parts;
    private final boolean full;
    private final int rounds;
    private final Consumer<String> progress;

    /**
     * Prepares a run.
     *
     * @param folder where the sample is written and the machine's tuning lies
     * @param parts what is measured
     * @param full the whole sizes instead of short ones
     */
    public IntegrityBench(Path folder, Set<Part> parts, boolean full, int rounds, Consumer<String> progress) {
        this.folder = folder;
        this.parts = Set.copyOf(parts);
        this.full = full;
        this.rounds = rounds;
        this.progress = progress;
    }

    /**
     * What a run gave.
     *
     * @param machine one line
     * @param gpu what it is, or why there are no figures of one
     * @param tuning measured, or why there is none
     */
    public record Report(String machine, String gpu, String tuning, List<Section> sections) {
        public Report {
            sections = List.copyOf(sections);
        }
    }

    /** Runs everything. */
    public Report run() throws IOException {
        try (var hashing = Hashing.open(folder)) {
            var layout = hashing.found().tuning().map(Tuning::cpu).orElseGet(Hashing::untuned);
            List<Section> sections = new ArrayList<>();
            if (parts.contains(Part.HASHING)) {
                sections.addAll(hashing(hashing, layout));
            }
            sections.addAll(audits(layout));
            var reason = hashing.found().absent();
            return new Report(
                    hashing.machine().summary(),
                    hashing.machine().gpu(),
                    reason.isEmpty() ? "measured" : reason,
                    sections);
        }
    }

    private List<Section> hashing(Hashing hashing, HashLayout layout) throws IOException {
        progress.accept("writing a sample");
        try (var sample = SampleFile.write(folder, full ? GIB : GIB / 4)) {
            var measures = new HashingMeasures(sample, layout, rounds);
            progress.accept("hashing and the machine's limits");
            List<Section> sections = new ArrayList<>(List.of(measures.limits()));
            progress.accept("the paper's tables");
            sections.add(measures.blockSizes());
            sections.add(measures.threads());
            if (hashing.search().gpu().isPresent()) {
                progress.accept("the GPU");
                sections.addAll(gpu(hashing.search().gpu().get(), sample, layout));
            }
            return sections;
        }
    }

    private List<Section> gpu(Gpu gpu, SampleFile sample, HashLayout layout) throws IOException {
        var measures = new GpuMeasures(gpu, sample, layout, rounds);
        return List.of(measures.blockSizes(), measures.threads(), measures.files(full ? 20 * GIB : GIB));
    }

    private List<Section> audits(HashLayout layout) throws IOException {
        var measures = new AuditMeasures(layout);
        List<Section> sections = new ArrayList<>();
        if (parts.contains(Part.MODES)) {
            progress.accept("set-up, proof and verification in each mode");
            sections.add(measures.modes(full ? List.of(1L << 20, 16L << 20, 64L << 20) : List.of(1L << 20, 16L << 20)));
        }
        if (parts.contains(Part.DETECTION)) {
            progress.accept("detection");
            sections.add(measures.detection(full ? 4000 : 1000));
        }
        if (parts.contains(Part.LARGE)) {
            progress.accept("a large file");
            sections.add(measures.large(full ? HUNDRED_GB : 4 * GIB, List.of(4 << 10, 64 << 10)));
        }
        return sections;
    }
}
