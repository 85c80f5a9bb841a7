package org.example.delays;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** The delays per carrier in one month of a file of flights. */
final class Summary {
    private final Map<String, long[]> carriers = new TreeMap<>();

    private Summary() {}

    /**
     * Reads a file with a header that has at least month, carrier and dep_delay; cells hold neither commas nor quotes.
     *
     * @param stop asked from time to time: whether to give up
     * @return null when it gave up
     */
    static Summary of(Path file, long month, BooleanSupplier stop) throws IOException {
        var summary = new Summary();
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            var header = lines.readLine();
            if (header == null) {
                throw new IOException("the file is empty");
            }
            List<String> columns = Arrays.asList(header.split(",", -1));
            int monthAt = column(columns, "month");
            int carrierAt = column(columns, "carrier");
            int delayAt = column(columns, "dep_delay");
            long number = 1;
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (number++ % 10_000 == 0 && stop.getAsBoolean()) {
                    return null;
                }
                var cells = line.split(",", -1);
                if (cells.length != columns.size()) {
                    throw new IOException("line " + number + " has " + cells.length + " cells");
                }
                if (Long.parseLong(cells[monthAt]) == month) {
                    summary.add(cells[carrierAt], cells[delayAt]);
                }
            }
            return summary;
        } catch (NumberFormatException e) {
            throw new IOException("a cell that is not a whole number", e);
        }
    }

    private static int column(List<String> columns, String name) throws IOException {
        int at = columns.indexOf(name);
        if (at < 0) {
            throw new IOException("the file has no column " + name);
        }
        return at;
    }

    private void add(String carrier, String delay) {
        long[] counts = carriers.computeIfAbsent(carrier, name -> new long[3]);
        counts[0]++;
        if (!delay.isEmpty()) {
            counts[1]++;
            counts[2] += Long.parseLong(delay);
        }
    }

    /** A JSON array with an object for each carrier, in order of the codes. */
    String json() {
        return carriers.entrySet().stream()
                .map(entry -> String.format(
                        "{\"carrier\":%s,\"flights\":%d,\"known\":%d,\"minutes\":%d}",
                        FlatJson.quote(entry.getKey()), entry.getValue()[0], entry.getValue()[1], entry.getValue()[2]))
                .collect(Collectors.joining(",", "[", "]"));
    }
}
