package dev.selvage.examples.nyc;

import dev.selvage.engine.EngineFailure;
import dev.selvage.engine.EngineInput;
import dev.selvage.engine.OperationFailedException;
import dev.selvage.engine.RunContext;
import dev.selvage.engine.Usage;
import dev.selvage.model.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code flights.delays/1}: the delays per carrier in one month of an airport's flights. */
final class Delays {
    static final String OPERATION = "flights.delays/1";
    private static final int STRIDE = 10_000;

    private Delays() {}

    static void run(RunContext context) throws IOException, OperationFailedException {
        var month = context.params().get("month").asText();
        Map<String, Totals> carriers = new TreeMap<>();
        long began = System.nanoTime();
        long rows = 0;
        EngineInput flights = context.input("flights");
        try (var lines = new BufferedReader(new InputStreamReader(context.open(flights), StandardCharsets.UTF_8))) {
            var columns = columns(lines.readLine());
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (++rows % STRIDE == 0 && context.cancelled()) {
                    return;
                }
                var cells = line.split(",", -1);
                if (cells[columns[0]].equals(month)) {
                    carriers.computeIfAbsent(cells[columns[1]], name -> new Totals())
                            .count(cells[columns[2]]);
                }
            }
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw refused("Row " + rows + " of the flights is not of the columns that its header names.");
        }
        long millis = (System.nanoTime() - began) / 1_000_000;
        context.usage(new Usage(millis, rows, flights.size()));
        List<List<String>> table = new ArrayList<>();
        carriers.forEach((carrier, totals) -> table.add(totals.row(carrier)));
        context.output("table", table);
    }

    private static int[] columns(String header) throws OperationFailedException {
        var names = Arrays.asList((header == null ? "" : header).split(",", -1));
        int[] columns = {names.indexOf("month"), names.indexOf("carrier"), names.indexOf("dep_delay")};
        if (Arrays.stream(columns).anyMatch(at -> at < 0)) {
            throw refused("The flights lack month, carrier or dep_delay.");
        }
        return columns;
    }

    private static OperationFailedException refused(String message) {
        return new OperationFailedException(EngineFailure.of(ErrorCode.ENGINE_FAILED, message));
    }
}
