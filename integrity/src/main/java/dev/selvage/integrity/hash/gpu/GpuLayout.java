package dev.selvage.integrity.hash.gpu;

/**
 * How a file is hashed on a GPU. What is best depends on the machine: a measurement chooses (B2).
 *
 * @param batch bytes that travel to the device at a time
 * @param copies batches under way at the same time, each with a stream and buffers of its own
 * @param threads of a block of the launch
 * @param beside lanes of the CPU that hash beside the device
 */
public record GpuLayout(int batch, int copies, int threads, int beside) {
    private static final int WARP = 32;
    private static final int MOST_BATCH = 1 << 30;

    public GpuLayout {
        if (batch < 1 << 16 || batch > MOST_BATCH || copies < 1 || copies > 16 || beside < 0 || beside > 1024) {
            throw new IllegalArgumentException(
                    "a GPU's layout has batches of 64 KiB to 1 GiB, 1 to 16 copies and 0 to 1024 lanes beside");
        }
        if (threads < WARP || threads > 1024 || threads % WARP != 0) {
            throw new IllegalArgumentException("threads are a multiple of 32 up to 1024, not " + threads);
        }
    }

    /** What is taken where nothing was measured: four batches of 32 MiB under way. */
    public static GpuLayout usual() {
        return new GpuLayout(32 << 20, 4, 128, 0);
    }

    /** Memory that the device needs for blocks of that size: the batches and two levels of hashes. */
    public long deviceBytes(int blockSize) {
        return copies * (batch + 2L * 32 * ((long) batch / blockSize + 1));
    }
}
