package dev.selvage.cli.internal.bench.integrity;

import java.util.List;
import java.util.Locale;

/**
 * A table of figures.
 *
 * @param name of what was measured
 * @param columns with their units
 * @param rows as many cells as columns
 * @param note what a reader has to know; may be empty
 */
public record Section(String name, List<String> columns, List<List<String>> rows, String note) {
    public Section {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
    }

    static String megabytes(double bytesPerSecond) {
        return String.format(Locale.ROOT, "%.0f", bytesPerSecond / 1e6);
    }

    static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.1f", fraction * 100);
    }

    static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / 1e6);
    }
}
