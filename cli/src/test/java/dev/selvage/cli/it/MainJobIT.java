package dev.selvage.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.model.CanonicalJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The main job end to end: the script, real processes, real wires, and what a newcomer's mistakes are answered. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MainJobIT {
    @TempDir
    private static Path folder;

    private static Network network;
    private static Network.Answer quickstart;

    @BeforeAll
    static void run_the_quickstart() {
        network = new Network(folder);
        quickstart = network.run("quickstart", "--port-shift", Integer.toString(network.shift));
    }

    @AfterAll
    static void stop() {
        network.close();
        assertThat(network.processes()).isEmpty();
    }

    private static JsonNode json(String... arguments) {
        var answer = network.run(withJson(arguments));
        assertThat(answer.status()).as(answer.err()).isZero();
        return CanonicalJson.parse(answer.out());
    }

    private static String[] withJson(String... arguments) {
        var all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--output";
        all[arguments.length + 1] = "json";
        return all;
    }

    private static String newest() {
        return json("task", "list", "--workflow", "nyc-delays")
                .get(0)
                .get("task")
                .asText();
    }

    private static Set<String> rows(JsonNode results) {
        return results.get(0).get("text").asText().lines().collect(Collectors.toSet());
    }

    private static Network.Answer runsAgain() {
        return network.run("task", "run", "nyc-delays", "--arg", "month=7", "--wait", "120s");
    }

    @Test
    @Order(1)
    void quickstart_runs_the_job_and_says_so() {
        assertThat(quickstart.status()).as(quickstart.err()).isZero();
        assertThat(quickstart.out())
                .contains("Embedded ledger, three organisations on this machine (for trying out, not for production)")
                .contains("3 of 3 ready")
                .contains("Workflow nyc-delays 1.0.0 deployed")
                .contains("UA  5066 flights  mean delay 20.11 min    (15 carriers: selvage task result ")
                .contains("Checked: 4 results on the ledger, all digests match.");
    }

    @Test
    @Order(2)
    void answer_for_july_is_the_known_one() {
        var rows = rows(json("task", "result", newest()));
        assertThat(rows).hasSize(16).contains("UA,5066,5000,100526,20.11");
        assertThat(json("task", "list").get(0).get("creator").get("msp").asText())
                .isEqualTo("EwrMSP");
    }

    @Test
    @Order(3)
    void trace_tells_who_did_what_from_the_ledger_alone() {
        var steps = json("task", "trace", newest());
        var what = StreamSupport.stream(steps.spliterator(), false)
                .map(step -> step.get("what").asText())
                .collect(Collectors.toSet());
        assertThat(what)
                .contains(
                        "created",
                        "delays ready",
                        "delays[ewr] ok",
                        "delays[jfk] ok",
                        "delays[lga] ok",
                        "merge ok",
                        "Succeeded");
        assertThat(steps)
                .allSatisfy(step -> assertThat(step.get("txid").asText()).hasSize(64));
    }

    @Test
    @Order(4)
    void parts_of_the_other_organisations_are_refused_to_a_user_who_is_not_named() {
        var trace = json("task", "trace", newest());
        assertThat(trace.toString()).contains("\"salted\":true");
    }

    @Test
    @Order(5)
    void three_airports_give_thirty_three_rows() throws Exception {
        int rows = 0;
        for (String airport : new String[] {"ewr", "jfk", "lga"}) {
            var answer = network.run(
                    "engine",
                    "try",
                    worker().toString(),
                    "flights.delays/1",
                    "--operation",
                    operation().toString(),
                    "--arg",
                    "month=7",
                    "--input",
                    "flights=" + network.data.resolve("engines/data/" + airport + ".csv"));
            assertThat(answer.status()).as(answer.err()).isZero();
            rows += (int) answer.out().lines().skip(1).count();
        }
        assertThat(rows).isEqualTo(33);
    }

    private static Path operation() {
        return Network.home().resolve("examples/nyc-delays/operations/flights.delays.yaml");
    }

    /** The worker in Java: the same envelopes as the one in Python, and there on every machine. */
    private static Path worker() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        String jars;
        try (var lib = Files.list(Network.home().resolve("cli/target/selvage/lib"))) {
            jars = lib.map(Path::toString).collect(Collectors.joining(":"));
        }
        var file = folder.resolve("worker.yaml");
        var text = """
                engine: try
                transport: stdio
                connect: {command: ["JAVA", -cp, "JARS", dev.selvage.examples.nyc.DelaysWorker], mode: worker}
                operations: {flights.delays/1: native}
                """;
        Files.writeString(file, text.replace("JAVA", java.toString()).replace("JARS", jars));
        return file;
    }

    @Test
    @Order(6)
    void second_run_resumes_on_the_same_ledger() {
        var again = network.run("quickstart");
        assertThat(again.status()).as(again.err()).isZero();
        assertThat(json("task", "list")).hasSize(2);
    }

    @Test
    @Order(7)
    void agent_killed_during_a_run_changes_nothing() throws Exception {
        var node = network.process("node-EwrMSP-node1");
        var created = network.run("task", "run", "nyc-delays", "--arg", "month=7");
        assertThat(created.status()).as(created.err()).isZero();
        node.destroyForcibly();
        node.onExit().get(10, TimeUnit.SECONDS);
        var started = network.run(
                "node",
                "start",
                "--config",
                network.data.resolve("nodes/ewr/node.yaml").toString());
        assertThat(started.status()).as(started.err()).isZero();
        var ended = network.run("task", "watch", newest(), "--wait", "120s");
        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("UA,5066,5000,100526,20.11");
    }

    @Test
    @Order(8)
    void daemon_started_on_its_own_runs_under_its_own_identity_and_folder() {
        var config = network.data.resolve("nodes/lga/node.yaml").toString();
        assertThat(network.run("node", "stop", "--config", config).status()).isZero();
        var waiting = network.run("task", "run", "nyc-delays", "--arg", "month=7", "--wait", "2s");
        assertThat(waiting.status()).isEqualTo(4);
        assertThat(waiting.fault())
                .matches("STILL_WAITING task [0-9a-f]{8} after 2 s: delays\\[lga\\] waits for LgaMSP/node1, .*"
                        + "\\(accept deadline .*\\).*Details: selvage task why [0-9a-f]{8}");
        assertThat(network.run("node", "start", "--config", config).status()).isZero();
        assertThat(network.run("task", "watch", newest(), "--wait", "120s").status())
                .isZero();
    }

    @Test
    @Order(9)
    void what_waits_for_a_grant_says_so() {
        var lga = new String[] {"--node", "LgaMSP/node1"};
        assertThat(network.run("data", "revoke", "flights", lga[0], lga[1]).status())
                .isZero();
        var waiting = network.run("task", "run", "nyc-delays", "--arg", "month=7", "--wait", "3s");
        assertThat(waiting.status()).isEqualTo(4);
        assertThat(network.run("task", "why", newest()).out()).contains("GRANT_MISSING");
        assertThat(network.run(
                                "data",
                                "grant",
                                "flights",
                                "--operation",
                                "flights.delays/1",
                                "--creator",
                                "EwrMSP",
                                lga[0],
                                lga[1])
                        .status())
                .isZero();
        assertThat(network.run("task", "watch", newest(), "--wait", "120s").status())
                .isZero();
    }

    private static void refused(Network.Answer answer, int status, String sentence) {
        assertThat(answer.out()).isEmpty();
        assertThat(answer.fault()).contains(sentence);
        assertThat(answer.status()).isEqualTo(status);
    }

    @Test
    @Order(10)
    void wrong_argument_is_answered_with_an_example() {
        refused(
                network.run("task", "run", "nyc-delays", "--arg", "month=July"),
                2,
                "ARGUMENT_INVALID month=July: expected an integer from 1 to 12. Example: --arg month=7");
    }

    private static Path edited(String name, String from, String to) throws Exception {
        var example = Network.home().resolve("examples/nyc-delays");
        var copy = Files.createDirectories(folder.resolve("edited"));
        Files.createDirectories(copy.resolve("operations"));
        for (String operation : new String[] {"flights.delays.yaml", "flights.merge.yaml"}) {
            Files.writeString(
                    copy.resolve("operations").resolve(operation),
                    Files.readString(example.resolve("operations").resolve(operation)));
        }
        var file = copy.resolve(name);
        Files.writeString(
                file, Files.readString(example.resolve("workflow.yaml")).replace(from, to));
        return file;
    }

    @Test
    @Order(11)
    void wrong_workflow_is_answered_with_the_place_and_nothing_is_deployed() throws Exception {
        var file = edited("wrong.yaml", "runIf: success", "dependOn: success");
        refused(
                network.run("workflow", "deploy", file.toString()),
                2,
                "subTasks.merge: unknown key \"dependOn\"; did you mean \"dependsOn\"? (1 problem, nothing deployed)");
        assertThat(network.run("workflow", "check", file.toString()).status()).isEqualTo(6);
    }

    @Test
    @Order(12)
    void changed_workflow_of_a_deployed_version_is_refused() throws Exception {
        var answer = network.run(
                "workflow",
                "deploy",
                edited("changed.yaml", "{value: 30}", "{value: 31}").toString());
        refused(answer, 2, "VERSION_TAKEN nyc-delays 1.0.0 is on the ledger with digest ");
        assertThat(answer.fault()).endsWith("A deployed version never changes: raise \"version\".");
    }

    @Test
    @Order(13)
    void user_of_another_organisation_may_not_create() throws Exception {
        var file = edited("jfk.yaml", "create: [EwrMSP, JfkMSP, LgaMSP]", "create: [JfkMSP]");
        Files.writeString(file, Files.readString(file).replace("name: nyc-delays", "name: jfk-only"));
        assertThat(network.run("workflow", "deploy", file.toString()).status()).isZero();
        refused(
                network.run("task", "run", "jfk-only", "--arg", "month=7"),
                5,
                "may not create jfk-only 1.0.0: access.create names JfkMSP.");
    }

    @Test
    @Order(14)
    void node_without_the_engine_is_named_with_what_it_offers() throws Exception {
        var file = edited(
                "nobody.yaml", "{airport: {operation: flights.delays/1}}", "{airport: {operation: flights.merge/1}}");
        var text = Files.readString(file)
                .replace("name: nyc-delays", "name: nobody")
                .replaceAll(
                        "(?s)      month: \\{parameter: month\\}\\s+flights: \\{data: flights\\}[^\n]*\n",
                        "      tables: {data: flights}\n")
                .replace("  flights.delays/1: ./operations/flights.delays.yaml\n", "");
        Files.writeString(file, text);
        var deployed = network.run("workflow", "deploy", file.toString());
        assertThat(deployed.status()).as(deployed.err()).isZero();
        var answer = network.run("task", "run", "nobody", "--arg", "month=7");
        refused(answer, 2, "NO_ENGINE EwrMSP/node1 offers no flights.merge/1 (it offers ");
        assertThat(answer.fault()).endsWith("On that node: selvage engine check FILE, then selvage node reload.");
    }

    @Test
    @Order(15)
    void data_set_that_is_not_there_is_answered_with_the_one_that_was_meant() {
        refused(
                network.run(
                        "data",
                        "grant",
                        "flight",
                        "--operation",
                        "flights.delays/1",
                        "--creator",
                        "EwrMSP",
                        "--node",
                        "EwrMSP/node1"),
                2,
                "DATA_UNKNOWN EwrMSP/node1 has no data set \"flight\"; did you mean \"flights\"? Add one there: selvage data add flight FILE");
    }

    @Test
    @Order(16)
    void identity_that_is_none_is_refused() throws Exception {
        var text = Files.readString(network.data.resolve("profiles/local.yaml"));
        var file = network.data.resolve("profiles/stranger.yaml");
        Files.writeString(file, text.replace("msp: EwrMSP", "msp: JfkMSP"));
        var answer = network.run("task", "list", "--profile", file.toString());
        assertThat(answer.status()).as(answer.err()).isNotZero();
        assertThat(answer.out()).isEmpty();
    }

    @Test
    @Order(17)
    void admin_of_another_organisation_may_not_change_a_node() {
        var answer = network.run(
                "data",
                "list",
                "--node",
                "EwrMSP/node1",
                "--profile",
                network.data.resolve("profiles/jfk.yaml").toString());
        refused(answer, 5, "NOT_PERMITTED");
    }

    @Test
    @Order(18)
    void all_processes_together_stay_under_two_gigabytes() throws Exception {
        long kilobytes = 0;
        for (var process : network.processes()) {
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

    @Test
    @Order(19)
    void same_job_once_more_after_all_of_this() {
        var answer = runsAgain();
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(answer.out()).contains("UA,5066,5000,100526,20.11");
    }
}
