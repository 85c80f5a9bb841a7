package dev.selvage.cli.internal.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.cli.internal.bench.LedgerBench.Cell;
import dev.selvage.cli.internal.bench.LedgerBench.Kind;
import dev.selvage.model.CanonicalJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a benchmark of a ledger showed. Ratios are taken within each round; of these, and of everything else, the median counts.
 *
 * @param ledger which one
 * @param machine processors and Java
 * @param samples by cell, in the order of the rounds
 * @param processes at the end
 */
public record LedgerReport(
        String ledger,
        String machine,
        LedgerBench.Settings settings,
        Map<Cell, List<Sample>> samples,
        List<ProcessUse.Use> processes) {

    /** A figure of one sample. */
    public interface Figure {
        double of(Sample sample);
    }

    /**
     * Something that is aimed at.
     *
     * @param value what was measured
     */
    public record Aim(String text, String value, boolean met) {}

    /** The median over the rounds. */
    public double median(Cell cell, Figure figure) {
        return median(samples.get(cell).stream().mapToDouble(figure::of).toArray());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Sums over the rounds. */
    public int sum(Cell cell, Figure figure) {
        return (int) samples.get(cell).stream().mapToDouble(figure::of).sum();
    }

    /** Items a second of the cell for each bare transaction a second with as many in flight, or, with more than any of these, of the fastest. */
    public Optional<Double> toCreates(Cell cell) {
        var same = new Cell(Kind.CREATE, cell.inFlight());
        if (samples.containsKey(same)) {
            return Optional.of(ratio(cell, same));
        }
        return fastestCreates().map(fastest -> ratio(cell, fastest));
    }

    private Optional<Cell> fastestCreates() {
        return samples.keySet().stream()
                .filter(cell -> cell.kind() == Kind.CREATE)
                .max(java.util.Comparator.comparingDouble(cell -> median(cell, Sample::perSecond)));
    }

    private double ratio(Cell one, Cell other) {
        var first = samples.get(one);
        var second = samples.get(other);
        return median(IntStream.range(0, first.size())
                .mapToDouble(round ->
                        first.get(round).perSecond() / second.get(round).perSecond())
                .toArray());
    }

    /** The aims that this run can tell of. */
    public List<Aim> aims() {
        List<Aim> aims = new ArrayList<>();
        samples.keySet().stream()
                .filter(cell -> cell.kind() == Kind.FAN_OUT)
                .reduce((narrow, wide) -> wide)
                .flatMap(wide -> fastestCreates().map(fastest -> ratio(wide, fastest)))
                .ifPresent(ratio -> aims.add(new Aim(
                        "wide fan-outs: at least 5 sub-tasks a second for each bare transaction a second",
                        decimal(ratio, 2),
                        ratio >= 5)));
        samples.keySet().stream()
                .filter(cell -> cell.kind() == Kind.CHAIN && cell.inFlight() > 1)
                .forEach(cell -> toCreates(cell)
                        .ifPresent(ratio -> aims.add(new Aim(
                                "chains, " + cell.inFlight() + " at once: at least 70 % of the bare transactions",
                                decimal(ratio * 100, 0) + " %",
                                ratio >= 0.7))));
        var step = new Cell(Kind.CHAIN, 1);
        var alone = new Cell(Kind.CREATE, 1);
        if (samples.containsKey(step) && samples.containsKey(alone)) {
            double beyond = median(IntStream.range(0, settings.rounds())
                    .mapToDouble(round -> (samples.get(step).get(round).p50Micros()
                                    - samples.get(alone).get(round).p50Micros())
                            / 1000.0)
                    .toArray());
            aims.add(new Aim(
                    "a chain's step: at most 10 ms beyond a bare transaction, at the median",
                    decimal(beyond, 1) + " ms",
                    beyond <= 10));
        }
        int invalid = samples.keySet().stream()
                .mapToInt(cell -> sum(cell, Sample::invalid))
                .sum();
        aims.add(new Aim("no transaction invalidated", Integer.toString(invalid), invalid == 0));
        int failed = samples.keySet().stream()
                .mapToInt(cell -> sum(cell, Sample::failed))
                .sum();
        aims.add(new Aim("nothing failed", Integer.toString(failed), failed == 0));
        return aims;
    }

    /** Everything, for programs. */
    public ObjectNode json() {
        var json = CanonicalJson.object().put("ledger", ledger).put("machine", machine);
        json.set(
                "settings",
                CanonicalJson.object()
                        .put("rounds", settings.rounds())
                        .put("millis", settings.time().toMillis())
                        .put("steps", settings.steps()));
        var cells = json.putArray("loads");
        for (Cell cell : samples.keySet()) {
            var one = cells.addObject()
                    .put("kind", cell.kind().text())
                    .put("inFlight", cell.inFlight())
                    .put("perSecond", rounded(median(cell, Sample::perSecond), 10))
                    .put("p50Micros", Math.round(median(cell, Sample::p50Micros)))
                    .put("p99Micros", Math.round(median(cell, Sample::p99Micros)))
                    .put("invalid", sum(cell, Sample::invalid))
                    .put("failed", sum(cell, Sample::failed));
            toCreates(cell).ifPresent(ratio -> one.put("toCreates", rounded(ratio, 1000)));
            var rounds = one.putArray("rounds");
            samples.get(cell)
                    .forEach(sample -> rounds.add(((ObjectNode) CanonicalJson.tree(sample))
                            .put("perSecond", rounded(sample.perSecond(), 10))));
        }
        json.set("aims", CanonicalJson.tree(aims()));
        json.set("processes", CanonicalJson.tree(processes));
        return json;
    }

    private static double rounded(double value, int parts) {
        return (double) Math.round(value * parts) / parts;
    }

    /** A number with so many digits after the point. */
    public static String decimal(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
