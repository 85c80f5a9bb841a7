package dev.selvage.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.cli.internal.bench.PartsBench;
import dev.selvage.cli.internal.local.Beside;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "bench",
        description = "Benchmarks of the whole system on this machine.",
        subcommands = {BenchCommand.Parts.class, BenchLedger.class, BenchIntegrity.class})
final class BenchCommand extends GroupCommand {
    @Command(
            name = "parts",
            description =
                    "A thousand parts over three nodes with a fan-in: transactions, invalidated ones, the agents' own"
                            + " time.")
    static final class Parts extends BaseCommand {
        @Option(
                names = "--batch",
                split = ",",
                paramLabel = "N",
                defaultValue = "1,40",
                description = "Most results in one transaction, a run for each (default 1,40).")
        private List<Integer> batches;

        @Option(
                names = "--kill",
                arity = "0..1",
                fallbackValue = "1",
                paramLabel = "SEED",
                description = "Kill a node with SIGKILL at a random moment of each run and start it again.")
        private Long kill;

        @Mixin
        private NetworkOptions options;

        @Override
        int run(Session session) throws InterruptedException {
            var network = NetworkCommand.network(session);
            var ledger = network.up(options.wish(session), Beside.NOTHING);
            var bench = new PartsBench(
                    network, ledger, session.home().resolve("examples/thousand-parts"), session::progress);
            List<PartsBench.Report> reports = new ArrayList<>();
            for (int batch : batches) {
                session.progress(
                        batch == 1
                                ? "running without batching"
                                : "running with up to " + batch + " results in a transaction");
                reports.add(bench.run(batch, kill));
            }
            bench.restore();
            session.answer(CanonicalJson.parse(json(reports)), () -> text(reports));
            if (!reports.stream().allMatch(PartsBench::kept)) {
                throw new SelvageException(
                        ErrorCode.CHECK_FAILED, "A part was not done exactly once, or a transaction was invalidated.");
            }
            return ExitStatus.DONE;
        }

        /** Numbers with a point are texts: canonical JSON has integers alone. */
        private static String json(List<PartsBench.Report> reports) {
            return reports.stream()
                    .map(report -> CanonicalJson.object()
                            .put("batch", report.batch())
                            .put("state", report.state())
                            .put("parts", report.parts())
                            .put("once", report.once())
                            .put("wallMillis", report.wallMillis())
                            .put("perSubTask", decimal(report.perSubTask(), 3))
                            .put("killed", report.killed())
                            .<ObjectNode>set("transactions", CanonicalJson.tree(report.transactions()))
                            .<ObjectNode>set("invalid", CanonicalJson.tree(report.invalid()))
                            .set("ownMicros", own(report)))
                    .map(CanonicalJson::text)
                    .collect(Collectors.joining(",", "[", "]"));
        }

        private static JsonNode own(PartsBench.Report report) {
            var own = CanonicalJson.object();
            report.ownMillis().forEach((quantile, millis) -> own.put(quantile, Math.round(millis * 1000)));
            return own;
        }

        private static String text(List<PartsBench.Report> reports) {
            var heading = new ArrayList<String>(List.of("thousand-parts"));
            reports.forEach(report ->
                    heading.add(report.batch() == 1 ? "without batching" : "up to " + report.batch() + " in one"));
            var table = new TextTable(heading.toArray(String[]::new));
            row(table, reports, "state", PartsBench.Report::state);
            row(table, reports, "wall time", report -> Times.span(report.wallMillis()));
            row(
                    table,
                    reports,
                    "sub-tasks a second",
                    report -> decimal((report.parts() + 1) * 1000.0 / report.wallMillis(), 0));
            row(table, reports, "parts done exactly once", report -> report.once() + " of " + report.parts());
            row(
                    table,
                    reports,
                    "transactions",
                    report -> report.transactions().entrySet().stream()
                            .map(entry -> entry.getKey() + " " + entry.getValue())
                            .collect(Collectors.joining(", ")));
            row(table, reports, "transactions a sub-task", report -> decimal(report.perSubTask(), 3));
            row(
                    table,
                    reports,
                    "invalidated",
                    report ->
                            report.invalid().isEmpty() ? "0" : report.invalid().toString());
            row(table, reports, "agent's own time p50", report -> quantile(report, "0.5"));
            row(table, reports, "agent's own time p99", report -> quantile(report, "0.99"));
            if (reports.stream().anyMatch(report -> report.killed() != null)) {
                row(table, reports, "killed with SIGKILL", report -> String.valueOf(report.killed()));
            }
            return table.toString();
        }

        private static void row(
                TextTable table,
                List<PartsBench.Report> reports,
                String name,
                Function<PartsBench.Report, String> cell) {
            List<Object> cells = new ArrayList<>();
            cells.add(name);
            reports.forEach(report -> cells.add(cell.apply(report)));
            table.row(cells.toArray());
        }

        private static String quantile(PartsBench.Report report, String quantile) {
            var millis = report.ownMillis().get(quantile);
            return millis == null ? "not measured" : decimal(millis, 1) + " ms";
        }

        private static String decimal(double value, int digits) {
            return String.format(Locale.ROOT, "%." + digits + "f", value);
        }
    }
}
