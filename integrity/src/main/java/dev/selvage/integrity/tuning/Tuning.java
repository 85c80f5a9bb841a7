package dev.selvage.integrity.tuning;

import dev.selvage.integrity.hash.HashLayout;
import dev.selvage.integrity.hash.gpu.GpuLayout;
import java.util.List;
import java.util.Optional;

/**
 * What was measured on a machine and what follows from it.
 *
 * @param machine where
 * @param at when, in milliseconds since 1970
 * @param sample bytes that were hashed each time
 * @param cpu how the CPU hashes
 * @param cpuRate bytes a second
 * @param gpu how a GPU hashes; null where there is none that helps
 * @param noGpu why no GPU is used; empty when one is
 * @param figures all measurements, for a person
 */
public record Tuning(
        Machine machine,
        long at,
        long sample,
        HashLayout cpu,
        long cpuRate,
        GpuChoice gpu,
        String noGpu,
        List<Figure> figures) {
    public Tuning {
        noGpu = noGpu == null ? "" : noGpu;
        figures = figures == null ? List.of() : List.copyOf(figures);
        if (cpuRate < 0 || sample < 0 || (gpu == null) == noGpu.isEmpty()) {
            throw new IllegalArgumentException("a tuning has rates from 0, and a GPU or why there is none");
        }
    }

    /**
     * How a GPU hashes and when.
     *
     * @param blockSize bytes of a block of files that it hashes
     * @param rate bytes a second
     * @param from the size in bytes from which files are hashed there: 0 for all
     */
    public record GpuChoice(GpuLayout layout, int blockSize, long rate, long from) {
        public GpuChoice {
            if (from < 0 || rate < 0) {
                throw new IllegalArgumentException("a GPU has a rate and a size from 0");
            }
        }
    }

    /**
     * One measurement.
     *
     * @param what was varied: way, chunk, block, lanes, batch, copies, threads, size
     * @param value of it
     * @param on {@code cpu} or {@code gpu}
     * @param rate bytes a second, a median
     */
    public record Figure(String what, String value, String on, long rate) {}

    public Optional<GpuChoice> gpuChoice() {
        return Optional.ofNullable(gpu);
    }

    /** With what the user says instead of the measurement. */
    public Tuning with(HashLayout newCpu, GpuChoice newGpu, String reason) {
        return new Tuning(machine, at, sample, newCpu, cpuRate, newGpu, reason, figures);
    }
}
