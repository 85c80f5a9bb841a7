package dev.selvage.integrity.tuning;

import dev.selvage.integrity.audit.FileKey;
import dev.selvage.integrity.hash.ByteSource;
import dev.selvage.integrity.hash.CpuHasher;
import dev.selvage.integrity.hash.CpuWay;
import dev.selvage.integrity.hash.HashForm;
import dev.selvage.integrity.hash.HashLayout;
import dev.selvage.integrity.hash.Hasher;
import dev.selvage.integrity.hash.gpu.Gpu;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures what hashes fastest on this machine (B2, B3): one setting after another, each with the best of those before. Every figure is a median over
 * rounds that visit all candidates in turn, so that a noisy moment hits none of them alone.
 */
public final class Tuner {
    /** What is this near to the best counts as equal: then the smaller setting is taken. */
    private static final double NEAR = 0.97;

    private static final List<Integer> BLOCKS = List.of(4 << 10, 8 << 10, 16 << 10, 32 << 10, 64 << 10);
    private static final List<Integer> CHUNKS = List.of(64 << 10, 256 << 10, 1 << 20);
    private static final int FIRST_BLOCK = 64 << 10;
    private static final byte[] NAME = new byte[32];

    private final ByteSource sample;
    private final Gpu.Search search;
    private final int rounds;
    private final Consumer<String> progress;
    private final List<Tuning.Figure> figures = new ArrayList<>();

    /**
     * Prepares a measurement.
     *
     * @param sample large enough to keep all lanes busy; it is read from the page cache after the first round
     * @param rounds odd, at least 3
     * @param progress told what is measured
     */
    public Tuner(ByteSource sample, Gpu.Search search, int rounds, Consumer<String> progress) {
        if (rounds < 3 || rounds % 2 == 0) {
            throw new IllegalArgumentException("a median needs an odd number of rounds from 3");
        }
        if (sample.length() < 1 << 20) {
            throw new IllegalArgumentException("a sample has at least 1 MiB");
        }
        this.sample = sample;
        this.search = search;
        this.rounds = rounds;
        this.progress = progress;
    }

    /** Measures everything; takes some seconds. */
    public Tuning measure(long now) throws IOException {
        figures.clear();
        int cores = Runtime.getRuntime().availableProcessors();
        progress.accept("ways to read and hash on the CPU");
        var ways = CpuWay.available().stream()
                .flatMap(way -> CHUNKS.stream().map(chunk -> new HashLayout(FIRST_BLOCK, cores, chunk, way)))
                .toList();
        var best = fastest(rates("way and chunk", ways, at -> at.way() + " " + at.chunk()));
        progress.accept("block sizes");
        var blocks = rates(
                "block", BLOCKS.stream().map(best::withBlockSize).toList(), at -> Integer.toString(at.blockSize()));
        best = smallest(blocks);
        progress.accept("lanes");
        var lanes =
                rates("lanes", lanes(cores).boxed().map(best::withLanes).toList(), at -> Integer.toString(at.lanes()));
        best = smallest(lanes);
        long rate = rateOf(lanes, best);
        var machine = Machine.here(search);
        if (search.gpu().isEmpty()) {
            return new Tuning(machine, now, sample.length(), best, rate, null, search.absent(), figures);
        }
        progress.accept("the GPU");
        var gpu = new GpuTuner(sample, search.gpu().get(), rounds, best, figures::add);
        var choice = gpu.measure();
        return new Tuning(
                machine,
                now,
                sample.length(),
                best,
                rate,
                choice.orElse(null),
                choice.isPresent()
                        ? ""
                        : "the GPU was slower than the CPU up to " + sample.length()
                                + " bytes, and by its rates is so for larger files",
                figures);
    }

    /** One, half of the cores, all, and twice as many. */
    private static IntStream lanes(int cores) {
        return IntStream.of(1, Math.max(1, cores / 2), cores, 2 * cores).distinct();
    }

    private List<Measured> rates(String what, List<HashLayout> layouts, Function<HashLayout, String> value)
            throws IOException {
        double[] rates = Rounds.medians(rounds, layouts, this::time);
        List<Measured> measured = new ArrayList<>();
        for (int i = 0; i < rates.length; i++) {
            var layout = layouts.get(i);
            measured.add(new Measured(layout, rates[i]));
            figures.add(new Tuning.Figure(what, value.apply(layout), "cpu", Math.round(rates[i])));
        }
        return measured;
    }

    private double time(HashLayout layout) throws IOException {
        return Rounds.rate(sample, layout, new CpuHasher());
    }

    private static HashLayout fastest(List<Measured> measured) {
        return measured.stream()
                .max(Comparator.comparingDouble(Measured::rate))
                .orElseThrow()
                .layout();
    }

    /** The first, hence smallest, that is near enough to the fastest: smaller blocks make shorter proofs, fewer lanes leave cores to others. */
    private static HashLayout smallest(List<Measured> measured) {
        double best = measured.stream().mapToDouble(Measured::rate).max().orElseThrow();
        return measured.stream()
                .filter(at -> at.rate() >= NEAR * best)
                .findFirst()
                .orElseThrow()
                .layout();
    }

    private static long rateOf(List<Measured> measured, HashLayout layout) {
        return measured.stream()
                .filter(at -> at.layout().equals(layout))
                .mapToLong(at -> Math.round(at.rate()))
                .findFirst()
                .orElseThrow();
    }

    private record Measured(HashLayout layout, double rate) {}

    /** What is hashed while measuring: leaves and the levels above them, as an anchor needs them. */
    static HashForm form(int blockSize) {
        int level = Stream.iterate(0, at -> at + 1)
                .filter(at -> (long) blockSize << (at + 1) > 1 << 20)
                .findFirst()
                .orElseThrow();
        return HashForm.nodes(new FileKey(new byte[32]), NAME, level);
    }

    static Hasher.Progress silent() {
        return Hasher.Progress.NONE;
    }
}
