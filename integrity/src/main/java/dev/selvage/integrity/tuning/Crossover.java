package dev.selvage.integrity.tuning;

import java.util.List;
import java.util.OptionalLong;

/** From which size of files a GPU is faster: measured up to the sample's size, and computed beyond it from what was measured. */
final class Crossover {
    /** A GPU must gain at least this much on each byte before anything is concluded for sizes that were not measured. */
    private static final double GAIN = 0.9;

    /** Sizes beyond so many samples are left to the CPU. */
    private static final int FURTHEST = 64;

    private Crossover() {}

    /**
     * The smallest size from which a GPU is faster at every size.
     *
     * @param sizes that were measured, each twice the one before
     * @param onGpu bytes a second at each
     * @param onCpu bytes a second at each
     */
    static OptionalLong from(List<Long> sizes, double[] onGpu, double[] onCpu) {
        long from = -1;
        for (int i = sizes.size() - 1; i >= 0 && onGpu[i] > onCpu[i]; i--) {
            from = sizes.get(i);
        }
        return from >= 0 ? OptionalLong.of(from) : beyond(sizes, onGpu, onCpu);
    }

    /** A run takes what it takes to begin, and then so much a byte: both follow from the two largest sizes. */
    private static OptionalLong beyond(List<Long> sizes, double[] onGpu, double[] onCpu) {
        int last = sizes.size() - 1;
        if (last < 1) {
            return OptionalLong.empty();
        }
        Line gpu = Line.through(sizes.get(last - 1), onGpu[last - 1], sizes.get(last), onGpu[last]);
        Line cpu = Line.through(sizes.get(last - 1), onCpu[last - 1], sizes.get(last), onCpu[last]);
        if (gpu.perByte() <= 0 || gpu.perByte() > GAIN * cpu.perByte()) {
            return OptionalLong.empty();
        }
        double size = (gpu.begin() - cpu.begin()) / (cpu.perByte() - gpu.perByte());
        long largest = sizes.get(last);
        return size > (double) FURTHEST * largest
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(largest, (long) Math.ceil(size)));
    }

    /** Seconds to begin and seconds a byte. */
    private record Line(double begin, double perByte) {
        static Line through(long size, double rate, long larger, double largerRate) {
            double perByte = (larger / largerRate - size / rate) / (larger - size);
            return new Line(larger / largerRate - perByte * larger, perByte);
        }
    }
}
