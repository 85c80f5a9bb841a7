package dev.selvage.integrity.hash;

import dev.selvage.integrity.audit.FileKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Measures which layout hashes fastest on this machine (B2, B3). Every figure is a median over rounds that visit all layouts in turn, so that a
 * noisy moment hits none of them alone.
 */
public final class HashTuning {
    private static final List<Integer> BLOCK_SIZES = List.of(4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20);
    private static final List<Integer> CHUNKS = List.of(64 << 10, 256 << 10, 1 << 20);

    private HashTuning() {}

    /**
     * Hashes a file with each layout.
     *
     * @param sample a file large enough to keep all lanes busy; it is read from the page cache after the first round
     * @param rounds odd, at least 3
     * @param progress told of each measured layout
     * @return figures, the fastest first
     */
    public static List<Figure> measure(Path sample, int rounds, Runnable progress) throws IOException {
        if (rounds < 3 || rounds % 2 == 0) {
            throw new IllegalArgumentException("a median needs an odd number of rounds from 3");
        }
        List<HashLayout> layouts = layouts(Runtime.getRuntime().availableProcessors());
        double[][] speeds = new double[layouts.size()][rounds];
        var key = new FileKey(new byte[32]);
        try (var file = StableFile.open(sample)) {
            if (file.length() == 0) {
                throw new IOException("an empty file cannot be measured: " + Files.size(sample) + " bytes");
            }
            new CpuHasher().hash(file, layouts.get(0), key, Hasher.Progress.NONE); // into the page cache
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < layouts.size(); i++) {
                    long start = System.nanoTime();
                    new CpuHasher().hash(file, layouts.get(i), key, Hasher.Progress.NONE);
                    speeds[i][round] = file.length() / ((System.nanoTime() - start) / 1e9);
                    progress.run();
                }
            }
        }
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < layouts.size(); i++) {
            Arrays.sort(speeds[i]);
            figures.add(new Figure(layouts.get(i), speeds[i][rounds / 2]));
        }
        figures.sort(Comparator.comparingDouble(Figure::bytesPerSecond).reversed());
        return figures;
    }

    /** The layouts worth trying with so many cores. */
    static List<HashLayout> layouts(int cores) {
        List<HashLayout> layouts = new ArrayList<>();
        for (int lanes : cores == 1 ? List.of(1) : List.of(1, cores)) {
            for (int blockSize : BLOCK_SIZES) {
                for (int chunk : CHUNKS) {
                    layouts.add(new HashLayout(blockSize, lanes, chunk));
                }
            }
        }
        return layouts;
    }

    /**
     * How fast a layout is.
     *
     * @param bytesPerSecond median
     */
    public record Figure(HashLayout layout, double bytesPerSecond) {}
}
