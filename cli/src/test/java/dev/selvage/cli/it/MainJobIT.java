package dev.selvage.cli.it;

import static dev.selvage.cli.it.MainJobNetwork.awaitAnswer;
import static dev.selvage.cli.it.MainJobNetwork.done;
import static dev.selvage.cli.it.MainJobNetwork.json;
import static dev.selvage.cli.it.MainJobNetwork.newTask;
import static dev.selvage.cli.it.MainJobNetwork.rows;
import static dev.selvage.cli.it.MainJobNetwork.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.cli.internal.bench.InvalidTransactions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The main job end to end: the script, real processes, real wires. Each test leaves the network as it was. */
@ExtendWith(MainJobNetwork.class)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class MainJobIT {
    @Test
    void quickstart_runs_the_job_and_says_so() {
        var quickstart = MainJobNetwork.quickstart();
        assertThat(quickstart.status()).as(quickstart.err()).isZero();
        assertThat(quickstart.out())
                .contains("Embedded ledger, three organisations on this machine (for trying out, not for production)")
                .contains("3 of 3 ready")
                .contains("Workflow nyc-delays 1.0.0 deployed")
                .contains("UA  5066 flights  mean delay 20.11 min    (15 carriers: selvage task result ")
                .contains("Checked: 4 results on the ledger, all digests match.");
    }

    @Test
    void answer_for_july_is_the_known_one_and_the_trace_tells_who_did_what() {
        var task = newTask();
        awaitAnswer(task);
        assertThat(rows(json("task", "result", task))).hasSize(16).contains("UA,5066,5000,100526,20.11");
        var steps = json("task", "trace", task);
        var what = StreamSupport.stream(steps.spliterator(), false)
                .map(step -> step.get("what").asText())
                .collect(Collectors.toSet());
        assertThat(what)
                .contains("created", "delays ready", "delays[ewr] ok", "delays[jfk] ok", "delays[lga] ok", "merge ok");
        assertThat(what).contains("Succeeded");
        assertThat(steps)
                .allSatisfy(step -> assertThat(step.get("txid").asText()).hasSize(64));
        assertThat(steps.toString()).contains("\"salted\":true"); // what only the publisher may have
    }

    @Test
    void second_quickstart_resumes_on_the_same_ledger() {
        int before = json("task", "list").size();
        done("quickstart");
        assertThat(json("task", "list")).hasSize(before + 1);
    }

    @Test
    void carriers_names_come_from_another_chaincode() {
        var answer = done("quickstart", "--example", "nyc-delays-named");
        assertThat(answer.out())
                .contains("UA,United Air Lines Inc.,5066,5000,100526,20.11")
                .contains("Checked: 5 results on the ledger, all digests match.");
        var task = json("task", "list", "--workflow", "nyc-delays-named")
                .get(0)
                .get("task")
                .asText();
        assertThat(done("task", "trace", task).out()).contains("names pinned as ");
    }

    @Test
    void fan_in_over_a_fixed_list_gives_the_city() {
        var answer = done("quickstart", "--example", "fan-in");
        assertThat(answer.out())
                .contains("city,29425,28485,618916")
                .contains("kennedy,10023,9812,233224")
                .contains("Checked: 4 results on the ledger, all digests match.");
    }

    /** FabricIT has the same on Fabric. */
    @Test
    void thousand_parts_are_done_once_each_and_nothing_is_invalidated() {
        var network = MainJobNetwork.network();
        long from = json("network", "status").path("ledger").path("height").asLong();
        var file = Network.home().resolve("examples/thousand-parts/workflow.yaml");
        done("workflow", "deploy", file.toString());
        var task = json("task", "run", "thousand-parts").get("task").asText();
        done("task", "watch", task, "--wait", "90s");
        var parts = StreamSupport.stream(json("task", "trace", task).spliterator(), false)
                .map(step -> step.get("what").asText())
                .filter(what -> what.matches("parts\\[\\d+] ok"))
                .toList();
        assertThat(parts).hasSize(1000).doesNotHaveDuplicates();
        assertThat(InvalidTransactions.since(network.data.resolve("profiles/local.yaml"), from))
                .isEmpty();
    }

    @Test
    void agent_killed_during_a_run_changes_nothing() throws Exception {
        var node = MainJobNetwork.network().process("node-EwrMSP-node1");
        var task = newTask();
        node.destroyForcibly();
        node.onExit().get(10, TimeUnit.SECONDS);
        done("node", "start", "--config", config("ewr"));
        awaitAnswer(task);
    }

    private static String config(String airport) {
        return MainJobNetwork.network()
                .data
                .resolve("nodes")
                .resolve(airport)
                .resolve("node.yaml")
                .toString();
    }

    @Test
    void what_waits_for_a_stopped_daemon_says_so_and_goes_on_when_it_starts() {
        done("node", "stop", "--config", config("lga"));
        var waiting = run("task", "run", "nyc-delays", "--arg", "month=7", "--wait", "2s");
        assertThat(waiting.status()).isEqualTo(4);
        assertThat(waiting.fault())
                .matches("STILL_WAITING task [0-9a-f]{8} after 2 s: delays\\[lga\\] waits for LgaMSP/node1, last seen"
                        + " [0-9: -]+ \\(accept deadline .*\\).*Details: selvage task why [0-9a-f]{8}");
        done("node", "start", "--config", config("lga"));
        awaitAnswer(newest());
    }

    private static String newest() {
        return json("task", "list", "--workflow", "nyc-delays")
                .get(0)
                .get("task")
                .asText();
    }

    @Test
    void what_waits_for_a_grant_says_so() {
        done("data", "revoke", "flights", "--node", "LgaMSP/node1");
        var waiting = run("task", "run", "nyc-delays", "--arg", "month=7", "--wait", "3s");
        assertThat(waiting.status()).isEqualTo(4);
        assertThat(waiting.fault()).contains("delays[lga] waits for LgaMSP/node1, which says: GRANT_MISSING ");
        done(
                "data",
                "grant",
                "flights",
                "--operation",
                "flights.delays/1",
                "--creator",
                "EwrMSP,JfkMSP,LgaMSP",
                "--node",
                "LgaMSP/node1");
        awaitAnswer(newest());
    }

    @Test
    void task_that_needs_approvals_waits_for_them_and_a_rejected_one_never_runs() throws Exception {
        var file = Examples.edited(
                "approved",
                text -> text.replace("name: nyc-delays", "name: approved").replace("approve: []", "approve: [JfkMSP]"));
        done("workflow", "deploy", file.toString());
        var jfk = MainJobNetwork.network().data.resolve("profiles/jfk.yaml").toString();
        var rejected =
                json("task", "run", "approved", "--arg", "month=7").get("task").asText();
        done("task", "reject", rejected, "--profile", jfk);
        assertThat(run("task", "watch", rejected).status()).isEqualTo(3);
        var approved =
                json("task", "run", "approved", "--arg", "month=7").get("task").asText();
        assertThat(done("task", "why", approved).out()).contains("the task waits for the approval of JfkMSP");
        done("task", "approve", approved, "--profile", jfk);
        awaitAnswer(approved);
    }

    @Test
    void worker_in_java_gives_the_rows_of_the_three_airports_too() throws Exception {
        var operation = Examples.nycDelays().resolve("operations/flights.delays.yaml");
        int rows = 0;
        for (String airport : new String[] {"ewr", "jfk", "lga"}) {
            var flights = MainJobNetwork.network().data.resolve("engines/data/" + airport + ".csv");
            var answer = done(
                    "engine",
                    "try",
                    javaWorker().toString(),
                    "flights.delays/1",
                    "--operation",
                    operation.toString(),
                    "--arg",
                    "month=7",
                    "--input",
                    "flights=" + flights);
            rows += (int) answer.out().lines().skip(1).count();
        }
        assertThat(rows).isEqualTo(33);
    }

    /** What LgaMSP has where there is no Python: the same envelopes. */
    private static Path javaWorker() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        String jars;
        try (var lib = Files.list(Network.home().resolve("cli/target/selvage/lib"))) {
            jars = lib.map(Path::toString).collect(Collectors.joining(":"));
        }
        var text = """
                engine: try
                transport: stdio
                connect: {command: ["JAVA", -cp, "JARS", dev.selvage.examples.nyc.DelaysWorker], mode: worker}
                operations: {flights.delays/1: native}
                """;
        return Files.writeString(
                MainJobNetwork.folder("worker").resolve("worker.yaml"),
                text.replace("JAVA", java.toString()).replace("JARS", jars));
    }

    @Test
    void all_processes_together_stay_under_two_gigabytes() throws Exception {
        long kilobytes = 0;
        for (var process : MainJobNetwork.network().processes()) {
            var status = Path.of("/proc", Long.toString(process.pid()), "status");
            if (Files.exists(status)) {
                kilobytes += Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                        .sum();
            }
        }
        assertThat(kilobytes / 1024).isLessThan(2048);
    }
}
