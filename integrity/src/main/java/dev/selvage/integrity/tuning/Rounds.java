package dev.selvage.integrity.tuning;

import dev.selvage.integrity.hash.ByteSource;
import dev.selvage.integrity.hash.HashLayout;
import dev.selvage.integrity.hash.Hasher;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Medians over rounds that visit all candidates in turn. */
public final class Rounds {
    private Rounds() {}

    /** Something to measure. */
    public interface Timing<T> {
        /** A figure of one candidate; larger is better or worse, as the caller sees it. */
        double measure(T candidate) throws IOException;
    }

    /** The median of each candidate, after a first round that only warms up. */
    public static <T> double[] medians(int rounds, List<T> candidates, Timing<T> timing) throws IOException {
        double[][] seen = new double[candidates.size()][rounds];
        for (int round = -1; round < rounds; round++) {
            for (int i = 0; i < candidates.size(); i++) {
                double figure = timing.measure(candidates.get(i));
                if (round >= 0) {
                    seen[i][round] = figure;
                }
            }
        }
        return Arrays.stream(seen)
                .mapToDouble(of -> Arrays.stream(of).sorted().toArray()[rounds / 2])
                .toArray();
    }

    /** Bytes a second of one run over everything. */
    public static double rate(ByteSource source, HashLayout layout, Hasher hasher) throws IOException {
        long start = System.nanoTime();
        hasher.hash(source, layout, Tuner.form(layout.blockSize()), Tuner.silent());
        return source.length() / ((System.nanoTime() - start) / 1e9);
    }
}
