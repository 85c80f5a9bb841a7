package dev.selvage.cli.internal;

import dev.selvage.cli.internal.bench.LedgerBench;
import dev.selvage.cli.internal.bench.LedgerBench.Cell;
import dev.selvage.cli.internal.bench.LedgerPlot;
import dev.selvage.cli.internal.bench.LedgerReport;
import dev.selvage.cli.internal.bench.ProcessUse;
import dev.selvage.cli.internal.bench.Sample;
import dev.selvage.cli.internal.local.Beside;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "ledger",
        description = {
            "Bare transactions of a plain client and sub-tasks that do nothing, side by side on the ledger of the data folder.",
            "Measures in rounds, so that what else the machine does falls on both; medians count."
        })
final class BenchLedger extends BaseCommand {
    private static final String NAME = "bench-ledger";

    @Option(
            names = "--in-flight",
            split = ",",
            paramLabel = "N",
            defaultValue = "1,64,256",
            description = "How many at a time, a measurement for each (default 1,64,256).")
    private List<Integer> inFlight;

    @Option(
            names = "--load",
            split = ",",
            paramLabel = "KIND",
            defaultValue = "CREATE,CHAIN,FAN_OUT,FAN_IN",
            description = "What is measured: ${COMPLETION-CANDIDATES} (default all).")
    private List<LedgerBench.Kind> kinds;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "How often (default 3).")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "8",
            description = "Length of one measurement (default 8).")
    private int seconds;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "20", description = "Steps of a chain (default 20).")
    private int steps;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Also write " + NAME + ".txt, " + NAME + ".json and " + NAME + ".svg there.")
    private Path out;

    @Mixin
    private NetworkOptions options;

    @Override
    int run(Session session) throws InterruptedException, IOException {
        if (session.profileNamed() && session.profileOption() == null) {
            throw new SelvageException(
                    ErrorCode.NOT_SUPPORTED,
                    "The benchmark drives a network on this machine, which it starts: it puts a chaincode of its own on the"
                            + " channel and runs the nodes. Unset SELVAGE_PROFILE, and choose the network with --data or"
                            + " --fabric DIR.");
        }
        require(rounds, 1, 99, "--rounds");
        require(seconds, 1, 600, "--seconds");
        require(steps, 1, 99, "--steps");
        inFlight.forEach(count -> require(count, 1, 2_000, "--in-flight"));
        var network = NetworkCommand.network(session);
        var ledger = network.up(options.wish(session), Beside.NOTHING);
        var settings = new LedgerBench.Settings(inFlight, rounds, Duration.ofSeconds(seconds), steps, kinds);
        LedgerReport report;
        try (var bench = new LedgerBench(network, ledger, settings, session::progress)) {
            var before = ProcessUse.of(network.processes());
            var samples = bench.run();
            var used = ProcessUse.since(before, ProcessUse.of(network.processes()));
            report = new LedgerReport(network.kind(), machine(), settings, samples, used);
        }
        if (out != null) {
            Files.createDirectories(out);
            Files.writeString(out.resolve(NAME + ".txt"), text(report));
            Files.writeString(out.resolve(NAME + ".json"), report.json().toPrettyString() + "\n");
            Files.writeString(out.resolve(NAME + ".svg"), LedgerPlot.of(report));
        }
        session.answer(report.json(), () -> text(report));
        return ExitStatus.DONE;
    }

    private static void require(int value, int least, int most, String option) {
        if (value < least || value > most) {
            throw new SelvageException(
                    ErrorCode.ARGUMENT_INVALID, option + " is from " + least + " to " + most + ", not " + value + ".");
        }
    }

    private static String machine() {
        return Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch") + ", Java "
                + Runtime.version().feature();
    }

    private static String text(LedgerReport report) {
        var text = new StringBuilder(report.ledger() + ", " + report.machine() + "; "
                + report.settings().roundsText() + "\n\n");
        var loads = new TextTable(
                "LOAD",
                "IN FLIGHT",
                "PER SECOND",
                "P50 MS",
                "P99 MS",
                "TO CREATES",
                "TX EACH",
                "CPU MS EACH",
                "INVALID",
                "FAILED");
        for (Cell cell : report.samples().keySet()) {
            loads.row(
                    cell.kind().text(),
                    cell.inFlight(),
                    LedgerReport.decimal(report.median(cell, Sample::perSecond), cell.inFlight() == 1 ? 1 : 0),
                    LedgerReport.decimal(report.median(cell, Sample::p50Micros) / 1000, 1),
                    LedgerReport.decimal(report.median(cell, Sample::p99Micros) / 1000, 1),
                    report.toCreates(cell)
                            .map(ratio -> LedgerReport.decimal(ratio, 2))
                            .orElse("-"),
                    LedgerReport.decimal(report.median(cell, Sample::transactionsPerItem), 3),
                    LedgerReport.decimal(report.median(cell, Sample::cpuPerItem), 2),
                    report.sum(cell, Sample::invalid),
                    report.sum(cell, Sample::failed));
        }
        text.append(loads).append('\n');
        var aims = new TextTable("AIM", "MEASURED", "");
        report.aims().forEach(aim -> aims.row(aim.text(), aim.value(), aim.met() ? "met" : "NOT MET"));
        text.append(aims).append('\n');
        var processes = new TextTable("PROCESS", "CPU S", "MEMORY MB", "PEAK MB");
        report.processes()
                .forEach(use -> processes.row(
                        use.name(),
                        LedgerReport.decimal(use.cpuMillis() / 1000.0, 1),
                        use.memory() >> 20,
                        use.peak() >> 20));
        return text.append(processes).toString();
    }
}
