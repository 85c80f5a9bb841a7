package dev.selvage.cli.internal.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.selvage.cli.internal.bench.LedgerBench.Cell;
import dev.selvage.cli.internal.bench.LedgerBench.Kind;
import dev.selvage.cli.internal.bench.LedgerReport.Aim;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Made-up samples, whose figures can be worked out by hand. */
class LedgerReportTest {
    private static final Cell ALONE = new Cell(Kind.CREATE, 1);
    private static final Cell CREATES = new Cell(Kind.CREATE, 64);
    private static final Cell STEP = new Cell(Kind.CHAIN, 1);
    private static final Cell CHAINS = new Cell(Kind.CHAIN, 64);
    private static final Cell NARROW = new Cell(Kind.FAN_OUT, 64);
    private static final Cell WIDE = new Cell(Kind.FAN_OUT, 4000);

    private final Map<Cell, List<Sample>> samples = new LinkedHashMap<>();

    /** A second in which so many ended. */
    private static Sample sample(int items, long p50, int invalid, int failed) {
        return new Sample(
                items,
                1_000_000_000L,
                p50,
                p50 * 3,
                failed,
                items,
                Map.of("create", items / 2),
                invalid,
                Map.of("node", 2L * items, "peer", (long) items));
    }

    private void rounds(Cell cell, int... items) {
        samples.put(
                cell,
                Arrays.stream(items)
                        .mapToObj(each -> sample(each, 20_000, 0, 0))
                        .toList());
    }

    private LedgerReport report() {
        var settings = new LedgerBench.Settings(
                List.of(64, 1), 3, Duration.ofSeconds(8), 20, List.of(Kind.CHAIN, Kind.CREATE));
        return new LedgerReport("made up", "2 processors", settings, samples, List.of());
    }

    private Aim aim(String words) {
        return report().aims().stream()
                .filter(aim -> aim.text().contains(words))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void medians_are_of_the_rounds_and_of_an_even_number_the_mean_of_the_middle_two() {
        rounds(CREATES, 300, 100, 200);
        rounds(CHAINS, 100, 400, 200, 300);
        assertThat(report().median(CREATES, Sample::perSecond)).isEqualTo(200);
        assertThat(report().median(CHAINS, Sample::perSecond)).isEqualTo(250);
        assertThat(report().median(CREATES, Sample::transactionsPerItem)).isEqualTo(0.5);
        assertThat(report().median(CREATES, Sample::cpuPerItem)).isEqualTo(3);
        assertThat(report().sum(CREATES, Sample::items)).isEqualTo(600);
    }

    @Test
    void ratio_is_taken_within_each_round() {
        rounds(CREATES, 100, 200, 400);
        rounds(CHAINS, 80, 150, 200);
        // 0.8, 0.75, 0.5; of the medians it would be 150 / 200, by chance the same
        assertThat(report().toCreates(CHAINS))
                .hasValueSatisfying(value -> assertThat(value).isCloseTo(0.75, within(1e-9)));
        rounds(CHAINS, 90, 20, 200);
        // 0.9, 0.1, 0.5; of the medians it would be 0.45
        assertThat(report().toCreates(CHAINS)).contains(0.5);
    }

    @Test
    void more_in_flight_than_any_creates_are_compared_with_the_fastest_of_these() {
        rounds(ALONE, 10, 10, 10);
        rounds(CREATES, 200, 200, 200);
        rounds(WIDE, 1000, 1000, 1000);
        assertThat(report().toCreates(WIDE)).contains(5.0);
        samples.remove(ALONE);
        samples.remove(CREATES);
        assertThat(report().toCreates(WIDE)).isEmpty();
        assertThat(report().aims()).noneMatch(aim -> aim.text().contains("wide fan-outs"));
    }

    @Test
    void wide_fan_outs_are_to_be_five_times_as_many() {
        rounds(CREATES, 200, 200, 200);
        rounds(NARROW, 100, 100, 100);
        rounds(WIDE, 1000, 1000, 1000);
        assertThat(aim("wide fan-outs")).satisfies(aim -> {
            assertThat(aim.value()).isEqualTo("5.00");
            assertThat(aim.met()).isTrue();
        });
        rounds(WIDE, 990, 990, 990);
        assertThat(aim("wide fan-outs").met()).isFalse();
    }

    @Test
    void chains_are_to_be_seven_tenths() {
        rounds(CREATES, 200, 200, 200);
        rounds(CHAINS, 140, 140, 140);
        assertThat(aim("chains, 64"))
                .isEqualTo(new Aim("chains, 64 at once: at least 70 % of the bare transactions", "70 %", true));
        rounds(CHAINS, 138, 138, 138);
        assertThat(aim("chains, 64").met()).isFalse();
    }

    @Test
    void step_of_a_chain_is_to_cost_ten_milliseconds_at_most() {
        samples.put(ALONE, List.of(sample(4, 217_000, 0, 0), sample(4, 220_000, 0, 0), sample(4, 230_000, 0, 0)));
        samples.put(STEP, List.of(sample(4, 226_000, 0, 0), sample(4, 230_000, 0, 0), sample(4, 250_000, 0, 0)));
        assertThat(aim("step")).satisfies(aim -> {
            assertThat(aim.value()).isEqualTo("10.0 ms");
            assertThat(aim.met()).isTrue();
        });
        samples.put(STEP, List.of(sample(4, 228_000, 0, 0), sample(4, 231_000, 0, 0), sample(4, 250_000, 0, 0)));
        assertThat(aim("step").met()).isFalse();
    }

    @Test
    void one_invalid_transaction_or_one_failure_in_any_round_misses_the_aim() {
        rounds(CREATES, 200, 200, 200);
        assertThat(aim("invalidated").met()).isTrue();
        assertThat(aim("failed").met()).isTrue();
        samples.put(CHAINS, List.of(sample(9, 1, 0, 0), sample(9, 1, 2, 0), sample(9, 1, 0, 3)));
        assertThat(aim("invalidated")).isEqualTo(new Aim("no transaction invalidated", "2", false));
        assertThat(aim("failed")).isEqualTo(new Aim("nothing failed", "3", false));
    }

    @Test
    void numbers_of_the_json_are_numbers() {
        rounds(CREATES, 201, 200, 100);
        var json = report().json();
        var load = json.at("/loads/0");
        assertThat(load.path("perSecond").isNumber()).isTrue();
        assertThat(load.path("perSecond").asDouble()).isEqualTo(200);
        assertThat(load.path("toCreates").asDouble()).isEqualTo(1);
        assertThat(load.at("/rounds/0/perSecond").isNumber()).isTrue();
        assertThat(load.path("invalid").asInt()).isZero();
        assertThat(load.path("rounds")).hasSize(3);
        assertThat(json.path("aims")).isNotEmpty();
    }

    @Test
    void plot_has_a_bar_for_each_load_and_a_line_from_the_median_to_the_99th_percentile() {
        rounds(CREATES, 200, 200, 200);
        rounds(CHAINS, 100, 100, 100);
        var svg = LedgerPlot.of(report());
        assertThat(svg).startsWith("<svg ").endsWith("</svg>\n");
        assertThat(svg).contains("create, 64 in flight", "chain, 64 in flight", "medians of 3 rounds");
        // the whiskers: 20 ms to 60 ms of at most 60 ms, so from a third of the panel to its end
        var whiskers = Pattern.compile("<line x1=\"([0-9.]+)\" y1=\"\\d+\" x2=\"([0-9.]+)\" [^>]*stroke=\"#111827\"")
                .matcher(svg)
                .results()
                .toList();
        assertThat(whiskers).hasSize(2).allSatisfy(line -> {
            double left = 190 + 330 + 90;
            assertThat(Double.parseDouble(line.group(1))).isCloseTo(left + 110, within(0.1));
            assertThat(Double.parseDouble(line.group(2))).isCloseTo(left + 330, within(0.1));
        });
        var bars = Pattern.compile("<rect x=\"190\" [^>]*width=\"([0-9.]+)\"")
                .matcher(svg)
                .results()
                .map(bar -> bar.group(1))
                .toList();
        assertThat(bars).containsExactly("330.0", "165.0");
    }

    @Test
    void cpu_time_of_processes_is_what_they_used_since() {
        var before = List.of(new ProcessUse.Use("peer", 5_000, 1, 1), new ProcessUse.Use("node", 900, 1, 1));
        var now = List.of(
                new ProcessUse.Use("peer", 5_400, 2, 3),
                new ProcessUse.Use("node", 100, 2, 3), // another process of that name
                new ProcessUse.Use("client", 70, 2, 3));
        assertThat(ProcessUse.since(before, now))
                .containsExactly(
                        new ProcessUse.Use("peer", 400, 2, 3),
                        new ProcessUse.Use("node", 100, 2, 3),
                        new ProcessUse.Use("client", 70, 2, 3));
    }
}
