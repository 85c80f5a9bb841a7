package dev.selvage.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.cli.internal.local.LocalLedger;
import dev.selvage.cli.internal.local.LocalNetwork;
import dev.selvage.cli.internal.local.NetworkWish;
import dev.selvage.cli.internal.quickstart.Example;
import dev.selvage.cli.internal.quickstart.Quickstart;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Graph;
import dev.selvage.model.Outcome;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "quickstart",
        description = "Run the main job on this machine: three organisations compute on their own data.")
final class QuickstartCommand extends BaseCommand {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Option(names = "--month", paramLabel = "N", defaultValue = "7", description = "Which month of 2013 (default 7).")
    private int month;

    @Option(
            names = "--example",
            paramLabel = "NAME",
            defaultValue = "nyc-delays",
            converter = Example.Converter.class,
            completionCandidates = Example.Names.class,
            description = "Which example: ${COMPLETION-CANDIDATES} (default nyc-delays).")
    private Example example;

    @Mixin
    private NetworkOptions options;

    @Override
    int run(Session any) throws InterruptedException, IOException {
        var wish = options.wish(any);
        var session = any.ofLocalNetwork();
        var network = NetworkCommand.network(session);
        var finished = new AtomicBoolean();
        var stopping = new AtomicBoolean();
        var stop = new Thread(() -> stop(network, finished, stopping), "quickstart-stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            return run(session, network, wish);
        } catch (SelvageException e) {
            if (stopping.get()) {
                throw new SelvageException(ErrorCode.INTERRUPTED, "Stopped; no process is left behind.", e);
            }
            throw e;
        } finally {
            finished.set(true);
        }
    }

    /** Ctrl-C before the end: nothing stays behind. */
    private static void stop(LocalNetwork network, AtomicBoolean finished, AtomicBoolean stopping) {
        if (!finished.get()) {
            stopping.set(true);
            network.launcher().stopStarting();
            network.processes().stopAll(Duration.ofSeconds(5));
        }
    }

    private int run(Session session, LocalNetwork network, NetworkWish wish) throws InterruptedException, IOException {
        var quickstart = new Quickstart(
                example, session.home().resolve("examples"), network, session.distribution(), session::progress);
        var answer = CanonicalJson.object();
        var lines = new Lines(session, answer);

        long start = System.nanoTime();
        var ledger = quickstart.startLedger(wish);
        lines.say(
                "ledgerMillis",
                start,
                network.kind()
                        + ", three organisations on this machine (for trying out, not for production)   ready in %s");
        start = System.nanoTime();
        quickstart.startNodes();
        quickstart.fillLedger();
        lines.say(
                "nodesMillis",
                start,
                example == Example.DATA_SALE
                        ? "Nodes: ewr   jfk   lga   3 of 3 ready in %s"
                        : "Nodes: ewr (H2 over JDBC)   jfk (HTTP engine, polled)   lga (" + worker(quickstart)
                                + ")                 3 of 3 ready in %s");
        try (var contract = ContractClient.open(
                ledger.profile("local", ledger.organisations().get(0), LocalLedger.USER))) {
            return example == Example.DATA_SALE
                    ? sale(session, contract, ledger, quickstart, lines)
                    : job(session, contract, ledger, quickstart, lines);
        }
    }

    private static String worker(Quickstart quickstart) {
        return quickstart.python() ? "Python worker" : "Java worker: no Python 3.8 here";
    }

    private static int sale(
            Session session, ContractClient contract, LocalLedger ledger, Quickstart quickstart, Lines lines)
            throws InterruptedException, IOException {
        var source = quickstart.workflow();
        WorkflowCommand.deploy(contract, source);
        return new DataSale(session, contract, ledger, source, quickstart.flights("jfk"), lines::say, lines.answer())
                .run();
    }

    private int job(Session session, ContractClient contract, LocalLedger ledger, Quickstart quickstart, Lines lines)
            throws InterruptedException, IOException {
        var source = quickstart.workflow();
        WorkflowCommand.deploy(contract, source);
        var workflow = source.workflow();
        var arguments = Arguments.parse(workflow.parameters(), List.of("month=" + month));
        var tasks = new Tasks(contract);
        var created = createWhenBound(contract, () -> TaskRun.request(contract, workflow, arguments));
        var id = tasks.shortest(created.task());
        lines.say("Workflow " + Workflows.title(workflow) + " deployed, task " + id + "... created (month " + month
                + ")");
        var view = new TaskWait(tasks, new LocalNodes(session)).untilEnd(created.task(), PATIENCE, session::detail);
        lines.say("  " + parts(tasks, view));
        var answer = lines.answer();
        answer.put("task", created.task()).put("state", view.state().toString());
        int status = TaskWait.status(view.state());
        if (status == ExitStatus.DONE) {
            var results = new Results(contract, tasks, new LocalNodes(session)).of(view);
            answer.put("table", results.get(0).text());
            if (example == Example.NYC_DELAYS) {
                headline(results.get(0).text(), id, lines);
            } else {
                lines.say(results.get(0).text().stripTrailing());
            }
            int checked = new DigestCheck(contract, tasks, ledger, session).check(view);
            answer.put("checkedResults", checked);
            lines.say("Checked: " + checked + " results on the ledger, all digests match.");
            lines.say("Next: selvage task trace " + id + " | selvage workflow show " + workflow.name()
                    + " | selvage network down");
        } else {
            lines.say(TaskShow.summary(view));
            lines.say("Next: selvage task trace " + id + " | selvage explain CODE");
        }
        session.answer(answer, () -> "");
        return status;
    }

    /** A node's offer reaches the ledger a moment after it is ready. */
    static ContractApi.CreatedTask createWhenBound(ContractClient contract, Supplier<ContractApi.NewTask> request)
            throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (true) {
            try {
                return TaskRun.create(contract, request.get());
            } catch (SelvageException e) {
                boolean maySettle = e.code() == ErrorCode.ROLE_UNBOUND || e.code() == ErrorCode.NO_ENGINE;
                if (!maySettle || System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    /** {@code delays[ewr] ok 0.3 s   merge ok 0.1 s}, by the nodes' own measures. */
    static String parts(Tasks tasks, ContractApi.TaskView view) {
        List<String> parts = new ArrayList<>();
        for (String subTask : Graph.of(tasks.workflowOf(view).subTasks()).order()) {
            var plan = tasks.plan(view, subTask);
            for (var result : tasks.results(view.task().id(), subTask)) {
                boolean ok = result.outcome() == Outcome.SUCCEEDED;
                long run = result.measures().getOrDefault("runMs", 0L);
                parts.add(Tasks.partName(subTask, plan, result.index())
                        + (ok ? " ok " : " failed ")
                        + (ok
                                ? String.format(Locale.ROOT, "%.1f s", run / 1000.0)
                                : result.failure().code()));
            }
        }
        return String.join("   ", parts);
    }

    /** The carrier with the most flights that everybody knows of, as in the README. */
    private static void headline(String table, String id, Lines lines) {
        var rows = table.lines().skip(1).map(line -> line.split(",", -1)).toList();
        rows.stream()
                .filter(row -> row[0].equals("UA"))
                .findFirst()
                .ifPresent(row -> lines.say(row[0] + "  " + row[1] + " flights  mean delay " + row[4] + " min    ("
                        + rows.size() + " carriers: selvage task result " + id + ")"));
    }

    /** What the command says: lines for people as they come, one value for machines at the end. */
    private record Lines(Session session, ObjectNode answer) {
        void say(String line) {
            if (!session.json()) {
                session.line("", () -> line);
            }
        }

        void say(String measure, long start, String line) {
            long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
            answer.put(measure, millis);
            say(String.format(Locale.ROOT, line, Times.span(millis)));
        }
    }
}
