package dev.selvage.examples.nyc;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** Flights, those whose delay is known, and the minutes of these delays. */
final class Totals {
    private long flights;
    private long known;
    private long minutes;

    /** Counts one flight. */
    void count(String delay) {
        flights++;
        if (!delay.isEmpty()) {
            known++;
            minutes = Math.addExact(minutes, Long.parseLong(delay));
        }
    }

    /** Adds the cells of a row, from flights on. */
    void add(List<String> cells) {
        flights = Math.addExact(flights, Long.parseLong(cells.get(0)));
        known = Math.addExact(known, Long.parseLong(cells.get(1)));
        minutes = Math.addExact(minutes, Long.parseLong(cells.get(2)));
    }

    /** The mean delay in minutes to two digits, halves away from zero; null when none is known or there are too few flights. */
    String mean(long minFlights) {
        return known == 0 || flights < minFlights
                ? null
                : BigDecimal.valueOf(minutes)
                        .divide(BigDecimal.valueOf(known), 2, RoundingMode.HALF_UP)
                        .toPlainString();
    }

    List<String> row(String first) {
        return List.of(first, Long.toString(flights), Long.toString(known), Long.toString(minutes));
    }
}
