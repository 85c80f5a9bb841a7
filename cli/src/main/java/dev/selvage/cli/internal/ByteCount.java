package dev.selvage.cli.internal;

import java.util.Locale;

/** Numbers of bytes for people. */
final class ByteCount {
    private ByteCount() {}

    /** {@code 64 KiB}, {@code 3.2 GiB}, {@code 1,000 B}. */
    static String text(long bytes) {
        String[] units = {"KiB", "MiB", "GiB", "TiB"};
        if (bytes < 1024) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f %s", value, units[unit])
                : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }

    /** {@code 3.52 GB/s}. */
    static String rate(long bytesPerSecond) {
        return bytesPerSecond < 1e8
                ? String.format(Locale.ROOT, "%.1f MB/s", bytesPerSecond / 1e6)
                : String.format(Locale.ROOT, "%.2f GB/s", bytesPerSecond / 1e9);
    }
}
