package dev.selvage.cli.internal.bench;

import dev.selvage.cli.internal.bench.LedgerBench.Cell;
import dev.selvage.cli.internal.bench.LedgerBench.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report as a picture (SVG): a bar for each load, throughput on the left, latency (median, a whisker to the 99th percentile) on the right. */
public final class LedgerPlot {
    private static final Map<Kind, String> COLOURS =
            Map.of(Kind.CREATE, "#6b7280", Kind.CHAIN, "#2563eb", Kind.FAN_OUT, "#059669", Kind.FAN_IN, "#b45309");
    private static final int ROW = 26;
    private static final int TOP = 84;
    private static final int LABELS = 190;
    private static final int PANEL = 330;
    private static final int GAP = 90;
    private static final int BOTTOM = 64;

    private final LedgerReport report;
    private final List<Cell> cells;
    private final StringBuilder svg = new StringBuilder();

    private LedgerPlot(LedgerReport report) {
        this.report = report;
        this.cells = new ArrayList<>(report.samples().keySet());
    }

    /** The whole file. */
    public static String of(LedgerReport report) {
        return new LedgerPlot(report).draw();
    }

    private String draw() {
        int width = LABELS + 2 * PANEL + 2 * GAP;
        int height = TOP + cells.size() * ROW + BOTTOM;
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                        + " font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"#111827\">%n",
                width,
                height,
                width,
                height));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        text(16, 26, 16, "start", "Bare transactions and Selvage's sub-tasks on " + report.ledger());
        text(16, 46, 12, "start", report.machine() + "; " + report.settings().roundsText());
        panel(LABELS, "transactions or sub-tasks a second", "", Sample::perSecond, null);
        panel(
                LABELS + PANEL + GAP,
                "latency in ms: median, line to the 99th percentile",
                " ms",
                sample -> sample.p50Micros() / 1000.0,
                sample -> sample.p99Micros() / 1000.0);
        for (int i = 0; i < cells.size(); i++) {
            var cell = cells.get(i);
            text(
                    LABELS - 10,
                    TOP + i * ROW + ROW / 2 + 4,
                    12,
                    "end",
                    cell.kind().text() + ", " + cell.inFlight() + " in flight");
        }
        text(
                16,
                height - 16,
                11,
                "start",
                "create: a get and a put by a plain client. chain: one step after the other, so many chains at once."
                        + " fan-out, fan-in: parts that share transactions.");
        return svg.append("</svg>\n").toString();
    }

    private void panel(int left, String title, String unit, LedgerReport.Figure bar, LedgerReport.Figure whisker) {
        text(left, TOP - 12, 12, "start", title);
        double most = cells.stream()
                .mapToDouble(
                        cell -> Math.max(report.median(cell, bar), whisker == null ? 0 : report.median(cell, whisker)))
                .max()
                .orElse(1);
        double step = step(most);
        int bottom = TOP + cells.size() * ROW;
        for (double tick = 0; tick <= most * 1.0001; tick += step) {
            double x = left + tick / most * PANEL;
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#e5e7eb\"/>%n",
                    x,
                    TOP,
                    x,
                    bottom));
            text(x, bottom + 16, 11, "middle", LedgerReport.decimal(tick, 0));
        }
        for (int i = 0; i < cells.size(); i++) {
            var cell = cells.get(i);
            double value = report.median(cell, bar);
            double length = value / most * PANEL;
            int y = TOP + i * ROW + 4;
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                    left,
                    y,
                    Math.max(1, length),
                    ROW - 8,
                    COLOURS.get(cell.kind())));
            double end = length;
            if (whisker != null) {
                end = Math.max(length, report.median(cell, whisker) / most * PANEL);
                svg.append(String.format(
                        Locale.ROOT,
                        "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#111827\"/>%n",
                        left + length,
                        y + (ROW - 8) / 2,
                        left + end,
                        y + (ROW - 8) / 2));
            }
            text(left + end + 6, y + 13, 11, "start", LedgerReport.decimal(value, 0) + unit);
        }
    }

    /** 1, 2 or 5 times a power of ten, so that there are at most five steps. */
    private static double step(double most) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(most, 1) / 5)));
        for (double factor : new double[] {1, 2, 5, 10}) {
            if (factor * power * 5 >= most) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private void text(double x, double y, int size, String anchor, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" text-anchor=\"%s\">%s</text>%n",
                x,
                y,
                size,
                anchor,
                text.replace("&", "&amp;").replace("<", "&lt;")));
    }
}
