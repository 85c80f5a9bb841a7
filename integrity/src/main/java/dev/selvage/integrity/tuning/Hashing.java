package dev.selvage.integrity.tuning;

import dev.selvage.integrity.hash.ByteSource;
import dev.selvage.integrity.hash.CpuHasher;
import dev.selvage.integrity.hash.CpuWay;
import dev.selvage.integrity.hash.HashForm;
import dev.selvage.integrity.hash.HashLayout;
import dev.selvage.integrity.hash.Hasher;
import dev.selvage.integrity.hash.gpu.Gpu;
import dev.selvage.integrity.hash.gpu.GpuFailedException;
import dev.selvage.integrity.hash.gpu.GpuHasher;
import dev.selvage.integrity.hash.gpu.GpuLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Hashes files as the machine does it best: decides for each by what was measured, runs it, and says what was done. Where a GPU is absent or
 * fails the CPU does the work, and the decision says so. Safe for many threads.
 */
public final class Hashing implements AutoCloseable {
    /** Blocks where nothing was measured. */
    private static final int USUAL_BLOCK = 64 << 10;

    private static final int USUAL_CHUNK = 256 << 10;

    private final Machine machine;
    private final Gpu.Search search;
    private final TuningFile.Found found;

    Hashing(Machine machine, Gpu.Search search, TuningFile.Found found) {
        this.machine = machine;
        this.search = search;
        this.found = found;
    }

    /** With the measurement of a data folder. */
    public static Hashing open(Path folder) {
        var search = Gpu.find();
        var machine = Machine.here(search);
        return new Hashing(machine, search, TuningFile.find(folder, machine));
    }

    /** With a given measurement. */
    public static Hashing with(Tuning tuning, Gpu.Search search) {
        return new Hashing(Machine.here(search), search, new TuningFile.Found(Optional.of(tuning), ""));
    }

    /** How the CPU hashes where nothing was measured: all cores, the usual way. */
    public static HashLayout untuned() {
        return new HashLayout(USUAL_BLOCK, Runtime.getRuntime().availableProcessors(), USUAL_CHUNK);
    }

    public Machine machine() {
        return machine;
    }

    public Gpu.Search search() {
        return search;
    }

    public TuningFile.Found found() {
        return found;
    }

    /**
     * Decides how a file of that size is hashed.
     *
     * @param wish what is taken instead of the measured
     * @throws IllegalArgumentException when nothing hashes as it is wished
     */
    public HashDecision decide(long length, HashWish wish) {
        var measured = found.tuning().map(Tuning::cpu).orElseGet(Hashing::untuned);
        String onCpu = whyCpu(length, wish);
        if (!onCpu.isEmpty()) {
            var layout = wish.over(measured, length);
            return cpu(layout, wish.note(onCpu, layout));
        }
        var choice = found.tuning().flatMap(Tuning::gpuChoice);
        var gpu = choice.map(Tuning.GpuChoice::layout).orElseGet(GpuLayout::usual);
        var layout = wish.over(
                choice.map(Tuning.GpuChoice::blockSize)
                        .map(measured::withBlockSize)
                        .orElse(measured),
                length);
        return new HashDecision(
                new GpuHasher(search.gpu().orElseThrow(), gpu).name(),
                layout.blockSize(),
                layout.lanes(),
                layout.chunk(),
                layout.way().name(),
                gpu.batch(),
                (length + gpu.batch() - 1) / gpu.batch(),
                gpu.threads(),
                wish.note(
                        choice.map(Tuning.GpuChoice::from)
                                .filter(from -> length >= from)
                                .map(from -> "at least " + from + " bytes, from which the GPU was faster")
                                .orElse("a GPU is there"),
                        layout));
    }

    /** Why the CPU hashes a file; empty when a GPU does. */
    private String whyCpu(long length, HashWish wish) {
        if (Boolean.FALSE.equals(wish.gpu())) {
            return "no GPU is wanted";
        }
        if (Boolean.TRUE.equals(wish.gpu())) {
            return search.absent();
        }
        if (found.tuning().isEmpty()) {
            return found.absent();
        }
        var tuning = found.tuning().get();
        if (tuning.gpuChoice().isEmpty()) {
            return tuning.noGpu();
        }
        long from = tuning.gpuChoice().get().from();
        return length < from ? "smaller than " + from + " bytes, from which the GPU was faster" : search.absent();
    }

    private static HashDecision cpu(HashLayout layout, String why) {
        return new HashDecision(
                "cpu",
                layout.blockSize(),
                layout.lanes(),
                layout.chunk(),
                layout.way().name(),
                0,
                0,
                0,
                why);
    }

    /**
     * What a run gave.
     *
     * @param hashes as {@link Hasher#hash} gives them
     * @param decision what was really done
     */
    public record Hashed(byte[] hashes, HashDecision decision) {}

    /**
     * Hashes as decided; what a GPU cannot do the CPU does.
     *
     * @throws dev.selvage.integrity.hash.FileChangedException when the bytes change meanwhile
     */
    public Hashed hash(ByteSource source, HashDecision decision, HashForm form, Hasher.Progress progress)
            throws IOException {
        var layout = layout(decision);
        if (decision.batch() == 0 || search.gpu().isEmpty()) {
            return new Hashed(new CpuHasher().hash(source, layout, form, progress), decision);
        }
        var choice = found.tuning().flatMap(Tuning::gpuChoice).map(Tuning.GpuChoice::layout);
        var hasher = new GpuHasher(search.gpu().get(), choice.orElseGet(GpuLayout::usual));
        if (!hasher.takes(layout.blockSize(), form)) {
            return onCpu(source, decision, form, progress, "blocks of this size are not for the GPU");
        }
        var told = new LongAdder();
        try {
            Hasher.Progress counted = bytes -> {
                told.add(bytes);
                progress.hashed(bytes);
            };
            return new Hashed(hasher.hash(source, layout, form, counted), decision);
        } catch (GpuFailedException e) {
            progress.hashed(-told.sum()); // the CPU begins anew
            return onCpu(source, decision, form, progress, e.getMessage());
        }
    }

    private static Hashed onCpu(
            ByteSource source, HashDecision decision, HashForm form, Hasher.Progress progress, String reason)
            throws IOException {
        var layout = layout(decision);
        return new Hashed(new CpuHasher().hash(source, layout, form, progress), cpu(layout, reason));
    }

    private static HashLayout layout(HashDecision decision) {
        return new HashLayout(decision.blockSize(), decision.lanes(), decision.chunk(), CpuWay.valueOf(decision.way()));
    }

    @Override
    public void close() {
        search.gpu().ifPresent(Gpu::close);
    }
}
