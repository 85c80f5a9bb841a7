package dev.selvage.integrity.tuning;

import dev.selvage.integrity.hash.ByteSource;
import dev.selvage.integrity.hash.CpuHasher;
import dev.selvage.integrity.hash.HashLayout;
import dev.selvage.integrity.hash.gpu.Gpu;
import dev.selvage.integrity.hash.gpu.GpuFailedException;
import dev.selvage.integrity.hash.gpu.GpuHasher;
import dev.selvage.integrity.hash.gpu.GpuLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The GPU's part of a measurement: batch, copies, threads, lanes beside it, block size, and the file size from which it is worth it. */
final class GpuTuner {
    private static final List<Integer> BATCHES = List.of(8 << 20, 16 << 20, 32 << 20, 64 << 20);
    private static final List<Integer> COPIES = List.of(1, 2, 3, 4);
    private static final List<Integer> THREADS = List.of(64, 128, 256, 512);
    private static final List<Integer> BLOCKS = List.of(4 << 10, 8 << 10, 16 << 10, 32 << 10, 64 << 10);
    private static final int FIRST_BLOCK = 4 << 10;
    private static final long SMALLEST_FILE = 1 << 20;

    private final ByteSource sample;
    private final Gpu gpu;
    private final int rounds;
    private final HashLayout cpu;
    private final Consumer<Tuning.Figure> figures;

    GpuTuner(ByteSource sample, Gpu gpu, int rounds, HashLayout cpu, Consumer<Tuning.Figure> figures) {
        this.sample = sample;
        this.gpu = gpu;
        this.rounds = rounds;
        this.cpu = cpu;
        this.figures = figures;
    }

    /** Empty when the CPU is faster at every size, or the device fails. */
    Optional<Tuning.GpuChoice> measure() throws IOException {
        try {
            return measured();
        } catch (GpuFailedException e) {
            figures.accept(new Tuning.Figure("failed", e.getMessage(), "gpu", 0));
            return Optional.empty();
        }
    }

    private Optional<Tuning.GpuChoice> measured() throws IOException {
        long half = gpu.freeMemory() / 2; // the batch size that the device's memory allows
        var usual = GpuLayout.usual();
        var fitting = BATCHES.stream()
                .map(batch -> new GpuLayout(batch, usual.copies(), usual.threads(), 0))
                .filter(layout -> layout.deviceBytes(FIRST_BLOCK) <= half)
                .toList();
        if (fitting.isEmpty()) {
            return Optional.empty();
        }
        var best = fastest("batch", fitting, FIRST_BLOCK, at -> at.batch());
        int batch = best.batch();
        int threads = best.threads();
        best = fastest(
                "copies",
                COPIES.stream()
                        .map(copies -> new GpuLayout(batch, copies, threads, 0))
                        .toList(),
                FIRST_BLOCK,
                at -> at.copies());
        int copies = best.copies();
        best = fastest(
                "threads",
                THREADS.stream()
                        .map(count -> new GpuLayout(batch, copies, count, 0))
                        .toList(),
                FIRST_BLOCK,
                at -> at.threads());
        int chosen = best.threads();
        best = fastest(
                "beside",
                Stream.of(0, Math.max(1, cpu.lanes() / 2), cpu.lanes())
                        .distinct()
                        .map(beside -> new GpuLayout(batch, copies, chosen, beside))
                        .toList(),
                FIRST_BLOCK,
                at -> at.beside());
        return threshold(best, block(best));
    }

    private GpuLayout fastest(String what, List<GpuLayout> layouts, int block, Function<GpuLayout, Integer> value)
            throws IOException {
        double[] rates = Rounds.medians(rounds, layouts, layout -> rate(sample, layout, block));
        int best = 0;
        for (int i = 0; i < rates.length; i++) {
            best = rates[i] > rates[best] ? i : best;
            figures.accept(
                    new Tuning.Figure(what, value.apply(layouts.get(i)).toString(), "gpu", Math.round(rates[i])));
        }
        return layouts.get(best);
    }

    private int block(GpuLayout layout) throws IOException {
        double[] rates = Rounds.medians(rounds, BLOCKS, block -> rate(sample, layout, block));
        int best = 0;
        for (int i = 0; i < rates.length; i++) {
            best = rates[i] > rates[best] ? i : best;
            figures.accept(new Tuning.Figure("block", BLOCKS.get(i).toString(), "gpu", Math.round(rates[i])));
        }
        return BLOCKS.get(best);
    }

    /** The smallest size from which the GPU is faster. */
    private Optional<Tuning.GpuChoice> threshold(GpuLayout layout, int block) throws IOException {
        List<Long> sizes = new ArrayList<>();
        for (long size = SMALLEST_FILE; size <= sample.length(); size *= 2) {
            sizes.add(size);
        }
        var parts =
                sizes.stream().map(size -> (ByteSource) new Part(sample, size)).collect(Collectors.toList());
        double[] onGpu = Rounds.medians(rounds, parts, part -> rate(part, layout, block));
        double[] onCpu = Rounds.medians(rounds, parts, part -> Rounds.rate(part, cpu, new CpuHasher()));
        var from = Crossover.from(sizes, onGpu, onCpu);
        for (int i = 0; i < sizes.size(); i++) {
            String size = sizes.get(i).toString();
            figures.accept(new Tuning.Figure("size", size, "gpu", Math.round(onGpu[i])));
            figures.accept(new Tuning.Figure("size", size, "cpu", Math.round(onCpu[i])));
        }
        return from.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Tuning.GpuChoice(layout, block, Math.round(onGpu[onGpu.length - 1]), from.getAsLong()));
    }

    private double rate(ByteSource source, GpuLayout layout, int block) throws IOException {
        return Rounds.rate(source, cpu.withBlockSize(block), new GpuHasher(gpu, layout));
    }

    /** The beginning of a sample. */
    private record Part(ByteSource whole, long length) implements ByteSource {
        @Override
        public void read(long position, ByteBuffer into) throws IOException {
            whole.read(position, into);
        }

        @Override
        public Optional<ByteBuffer> mapped(long position, int count) throws IOException {
            return whole.mapped(position, count);
        }

        @Override
        public void requireUnchanged() throws IOException {
            whole.requireUnchanged();
        }
    }
}
