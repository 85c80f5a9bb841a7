package dev.selvage.cli.internal.bench.integrity;

import static dev.selvage.cli.internal.bench.integrity.Section.megabytes;

import dev.selvage.integrity.hash.CpuHasher;
import dev.selvage.integrity.hash.HashForm;
import dev.selvage.integrity.hash.HashLayout;
import dev.selvage.integrity.hash.Hasher;
import dev.selvage.integrity.tuning.Rounds;
import dev.selvage.integrity.tuning.SampleFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Hashing against the machine's limits, and the paper's two tables beside ours. */
final class HashingMeasures {
    private static final List<Integer> PAPER_KILOBYTES = List.of(100, 200, 400, 800, 1600);
    private static final List<Integer> OUR_BLOCKS = List.of(4 << 10, 8 << 10, 16 << 10, 32 << 10, 64 << 10);

    private final SampleFile sample;
    private final HashLayout layout;
    private final int rounds;

    HashingMeasures(SampleFile sample, HashLayout layout, int rounds) {
        this.sample = sample;
        this.layout = layout;
        this.rounds = rounds;
    }

    private interface Measure {
        Optional<Double> take() throws IOException;
    }

    private record Named(String name, Measure measure) {}

    /** All in the same rounds; the bound is the tightest of what hashing from the page cache has to do. */
    Section limits() throws IOException {
        int cores = Runtime.getRuntime().availableProcessors();
        var file = sample.file();
        var processes = new Named("openssl dgst -sha256, one a core", () -> Limits.openssl(sample.path(), cores));
        var one = new Named("openssl dgst -sha256, one", () -> Limits.openssl(sample.path(), 1));
        var memory = new Named("memory read, all cores", () -> Optional.of(Limits.memory(cores)));
        var cache = new Named("page cache read, all cores", () -> Optional.of(Limits.pageCache(file, cores)));
        var direct = new Named("storage read past the cache", () -> Limits.storage(sample.path(), cores));
        var fresh = new Named(
                "storage read through the cache",
                () -> Limits.forget(sample.path()) ? Optional.of(Limits.pageCache(file, cores)) : Optional.empty());
        var lane = new Named("selvage, one lane", () -> Optional.of(ours(layout.withLanes(1))));
        var lanes = new Named("selvage, " + layout.lanes() + " lanes", () -> Optional.of(ours(layout)));
        var first = new Named(
                "selvage, " + layout.lanes() + " lanes, first reading",
                () -> Limits.forget(sample.path()) ? Optional.of(ours(layout)) : Optional.empty());
        var all = List.of(one, processes, memory, cache, direct, fresh, lane, lanes, first);
        double[] medians =
                Rounds.medians(rounds, all, named -> named.measure().take().orElse(Double.NaN));
        Map<Named, Double> rates = new LinkedHashMap<>();
        for (int i = 0; i < medians.length; i++) {
            rates.put(all.get(i), medians[i]);
        }
        var cached = List.of(processes, memory, cache);
        var read = List.of(processes, memory, cache, fresh);
        var bounds = Map.of(lane, List.of(one), lanes, cached, first, read);
        List<List<String>> rows = new ArrayList<>();
        rates.forEach((what, rate) -> rows.add(List.of(
                what.name(),
                Double.isNaN(rate) ? "not measured" : megabytes(rate),
                Optional.ofNullable(bounds.get(what))
                        .map(of -> tightest(of, rates))
                        .map(bound -> rate / bound)
                        .filter(part -> !Double.isNaN(part))
                        .map(Section::percent)
                        .orElse("-"))));
        return new Section(
                "hashing against the machine's limits",
                List.of("WHAT", "MB/S", "% OF BOUND"),
                rows,
                "Leaves and tree of blocks of " + layout.blockSize() + " bytes, " + layout.way()
                        + ". The bound of all lanes is the tightest of openssl a core, memory and page cache; of a"
                        + " first reading of storage through the cache too; of one lane, one openssl.");
    }

    /** NaN where one of them was not measured. */
    private static double tightest(List<Named> of, Map<Named, Double> rates) {
        return of.stream().mapToDouble(rates::get).reduce(Double.MAX_VALUE, Math::min);
    }

    private double ours(HashLayout of) throws IOException {
        return Rounds.rate(sample.file(), of, new CpuHasher());
    }

    private double plain(HashLayout of) throws IOException {
        long start = System.nanoTime();
        new CpuHasher().hash(sample.file(), of, HashForm.plain(), Hasher.Progress.NONE);
        return sample.file().length() / ((System.nanoTime() - start) / 1e9);
    }

    /** The paper's first table: one thread a block of 100 KB to 1.6 MB, bare hashes. Ours: leaves and tree. */
    Section blockSizes() throws IOException {
        var paper = PAPER_KILOBYTES.stream()
                .map(kilobytes -> layout.withBlockSize(kilobytes * 1000))
                .toList();
        var ours = OUR_BLOCKS.stream().map(layout::withBlockSize).toList();
        double[] papers = Rounds.medians(rounds, paper, this::plain);
        double[] own = Rounds.medians(rounds, ours, this::ours);
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < papers.length; i++) {
            rows.add(List.of(
                    PAPER_KILOBYTES.get(i) + " KB",
                    megabytes(papers[i]),
                    OUR_BLOCKS.get(i) / 1024 + " KiB",
                    megabytes(own[i])));
        }
        return new Section(
                "the paper's table of block sizes, on this CPU",
                List.of("PAPER'S BLOCK", "MB/S", "OUR BLOCK", "MB/S"),
                rows,
                "Left: bare SHA-256 of each block, as published. Right: salted leaves with the tree.");
    }

    /** The paper's second table: threads, at its block of 400 KB. */
    Section threads() throws IOException {
        int cores = Runtime.getRuntime().availableProcessors();
        var counts =
                Stream.of(1, 2, 4, 8, 16).filter(count -> count <= 4 * cores).toList();
        double[] papers = Rounds.medians(
                rounds,
                counts.stream().map(layout.withBlockSize(400_000)::withLanes).toList(),
                this::plain);
        double[] own =
                Rounds.medians(rounds, counts.stream().map(layout::withLanes).toList(), this::ours);
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < counts.size(); i++) {
            rows.add(List.of(counts.get(i).toString(), megabytes(papers[i]), megabytes(own[i])));
        }
        return new Section(
                "the paper's table of threads, on this CPU",
                List.of("THREADS", "PAPER'S BLOCK OF 400 KB, MB/S", "OUR BLOCK OF " + layout.blockSize() + ", MB/S"),
                rows,
                cores + " cores.");
    }
}
