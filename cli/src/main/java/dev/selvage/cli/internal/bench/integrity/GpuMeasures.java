package dev.selvage.cli.internal.bench.integrity;

import static dev.selvage.cli.internal.bench.integrity.Section.megabytes;

import dev.selvage.integrity.hash.CpuHasher;
import dev.selvage.integrity.hash.HashForm;
import dev.selvage.integrity.hash.HashLayout;
import dev.selvage.integrity.hash.Hasher;
import dev.selvage.integrity.hash.gpu.Gpu;
import dev.selvage.integrity.hash.gpu.GpuHasher;
import dev.selvage.integrity.hash.gpu.GpuLayout;
import dev.selvage.integrity.hash.gpu.GpuProbe;
import dev.selvage.integrity.tuning.Rounds;
import dev.selvage.integrity.tuning.SampleFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** The GPU's part: kernel, copies and the whole way, over block sizes, launches and file sizes, beside the CPU of the same machine. */
final class GpuMeasures {
    /** 4 KiB to the paper's 1.6 MB, all whole compressions. */
    private static final List<Integer> BLOCKS =
            List.of(4 << 10, 16 << 10, 64 << 10, 100_032, 200_000, 400_000, 800_000, 1_600_000);

    private static final List<Integer> THREADS = List.of(32, 64, 128, 256, 512, 1024);

    private final Gpu gpu;
    private final SampleFile sample;
    private final HashLayout cpu;
    private final int rounds;

    GpuMeasures(Gpu gpu, SampleFile sample, HashLayout cpu, int rounds) {
        this.gpu = gpu;
        this.sample = sample;
        this.cpu = cpu;
        this.rounds = rounds;
    }

    Section blockSizes() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (int block : BLOCKS) {
            var layout = GpuLayout.usual();
            var parts =
                    GpuProbe.measure(gpu, layout, sample.file(), cpu.withBlockSize(block), HashForm.plain(), rounds);
            double whole = Rounds.medians(rounds, List.of(layout), at -> onGpu(at, block))[0];
            double onCpu = Rounds.medians(rounds, List.of(cpu.withBlockSize(block)), this::onCpu)[0];
            rows.add(List.of(
                    Integer.toString(block),
                    megabytes(parts.copyIn()),
                    megabytes(parts.kernel()),
                    megabytes(whole),
                    megabytes(onCpu)));
        }
        return new Section(
                gpu.description().name() + ", block sizes",
                List.of("BLOCK", "COPY MB/S", "KERNEL MB/S", "WHOLE WAY MB/S", "CPU MB/S"),
                rows,
                "Bare hashes; 128 threads a launch's block, four copies of 32 MiB.");
    }

    Section threads() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (int threads : THREADS) {
            List<String> row = new ArrayList<>(List.of(Integer.toString(threads)));
            for (int block : List.of(4 << 10, 400_000)) {
                var layout = new GpuLayout(32 << 20, 4, threads, 0);
                row.add(megabytes(
                        GpuProbe.measure(gpu, layout, sample.file(), cpu.withBlockSize(block), HashForm.plain(), rounds)
                                .kernel()));
            }
            rows.add(row);
        }
        return new Section(
                gpu.description().name() + ", threads",
                List.of("THREADS", "BLOCK OF 4 KIB, KERNEL MB/S", "PAPER'S BLOCK OF 400 KB, KERNEL MB/S"),
                rows,
                "");
    }

    /**
     * Files of growing size.
     *
     * @param most bytes of the largest
     */
    Section files(long most) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        var sizes = LongStream.iterate(1 << 20, size -> size <= most, size -> size * 4)
                .toArray();
        for (long size : sizes) {
            var file = new MadeUpFile(size);
            long start = System.nanoTime();
            new GpuHasher(gpu, GpuLayout.usual())
                    .hash(file, cpu.withBlockSize(4 << 10), HashForm.plain(), Hasher.Progress.NONE);
            long middle = System.nanoTime();
            new CpuHasher().hash(file, cpu, HashForm.plain(), Hasher.Progress.NONE);
            long end = System.nanoTime();
            rows.add(List.of(
                    Long.toString(size),
                    megabytes(size / ((middle - start) / 1e9)),
                    megabytes(size / ((end - middle) / 1e9)),
                    middle - start < end - middle ? "GPU" : "CPU"));
        }
        return new Section(
                gpu.description().name() + ", file sizes",
                List.of("BYTES", "GPU MB/S", "CPU MB/S", "FASTER"),
                rows,
                "Bytes are made while they are hashed; the GPU takes blocks of 4 KiB.");
    }

    private double onGpu(GpuLayout layout, int block) throws IOException {
        return timed(new GpuHasher(gpu, layout), cpu.withBlockSize(block));
    }

    private double onCpu(HashLayout layout) throws IOException {
        return timed(new CpuHasher(), layout);
    }

    private double timed(Hasher hasher, HashLayout layout) throws IOException {
        long start = System.nanoTime();
        hasher.hash(sample.file(), layout, HashForm.plain(), Hasher.Progress.NONE);
        return sample.file().length() / ((System.nanoTime() - start) / 1e9);
    }
}
