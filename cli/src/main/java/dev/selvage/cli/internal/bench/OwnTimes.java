package dev.selvage.cli.internal.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The histograms of a node's own time per sub-task at one moment, the whole under the empty name and each phase under its own. */
final class OwnTimes {
    private static final Pattern BUCKET = Pattern.compile(
            "selvage_subtask_own_(?:time_histogram|phase)_seconds_bucket\\{(?:phase=\"(\\w+)\",)?le=\"([0-9.+Inf]+)\"\\} ([0-9.eE+]+)");

    /** Samples up to each bound in milliseconds, by name. */
    private final Map<String, NavigableMap<Double, Double>> buckets = new HashMap<>();

    private OwnTimes() {}

    static OwnTimes read(String metrics) {
        var times = new OwnTimes();
        metrics.lines().map(BUCKET::matcher).forEach(line -> {
            if (line.matches()) {
                String name = line.group(1) == null ? "" : line.group(1);
                double bound = line.group(2).equals("+Inf")
                        ? Double.POSITIVE_INFINITY
                        : Double.parseDouble(line.group(2)) * 1000;
                times.buckets.computeIfAbsent(name, n -> new TreeMap<>()).put(bound, Double.parseDouble(line.group(3)));
            }
        });
        return times;
    }

    List<String> names() {
        return List.copyOf(new TreeSet<>(buckets.keySet()));
    }

    /** A quantile of what was added since then, in milliseconds, as exact as the buckets are; 0 when nothing was added. */
    double since(OwnTimes before, String name, double quantile) {
        var now = buckets.getOrDefault(name, new TreeMap<>());
        var then = before.buckets.getOrDefault(name, new TreeMap<>());
        boolean restarted = now.isEmpty()
                || then.isEmpty()
                || now.lastEntry().getValue() < then.lastEntry().getValue();
        double wanted = quantile * added(now, then, restarted, Double.POSITIVE_INFINITY);
        double low = 0;
        double below = 0;
        for (double bound : now.keySet()) {
            double upTo = added(now, then, restarted, bound);
            if (upTo >= wanted && upTo > below) {
                double share = (wanted - below) / (upTo - below);
                return Double.isInfinite(bound) ? low : low + share * (bound - low);
            }
            low = bound;
            below = upTo;
        }
        return 0;
    }

    private static double added(
            NavigableMap<Double, Double> now, NavigableMap<Double, Double> then, boolean restarted, double bound) {
        return now.getOrDefault(bound, 0.0) - (restarted ? 0.0 : then.getOrDefault(bound, 0.0));
    }
}
