package dev.selvage.cli.it;

import static dev.selvage.cli.it.MainJobNetwork.done;
import static dev.selvage.cli.it.MainJobNetwork.json;
import static dev.selvage.cli.it.MainJobNetwork.refused;
import static dev.selvage.cli.it.MainJobNetwork.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a newcomer's mistakes and bad files are answered: a code, its exit status, the next step, and nothing else changes. */
@ExtendWith(MainJobNetwork.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BadInputIT {
    private static int tasks;

    @BeforeAll
    static void count() {
        tasks = json("task", "list").size();
    }

    @AfterAll
    static void no_task_was_made() {
        assertThat(json("task", "list")).hasSize(tasks);
    }

    @Test
    void wrong_argument_is_answered_with_an_example() {
        refused(
                run("task", "run", "nyc-delays", "--arg", "month=July"),
                2,
                "ARGUMENT_INVALID month=July: expected an integer from 1 to 12. Example: --arg month=7");
    }

    @Test
    void wrong_duration_is_bad_usage() {
        refused(run("task", "run", "nyc-delays", "--arg", "month=7", "--wait", "5"), 2, "USAGE --wait: \"5\"");
    }

    @Test
    void wrong_workflow_is_answered_with_the_place_and_nothing_is_deployed() throws Exception {
        var file = Examples.edited("wrong", text -> text.replace("runIf: success", "dependOn: success"));
        refused(
                run("workflow", "deploy", file.toString()),
                2,
                "subTasks.merge: unknown key \"dependOn\"; did you mean \"dependsOn\"? (1 problem, nothing deployed)");
        assertThat(run("workflow", "check", file.toString()).status()).isEqualTo(6);
    }

    @Test
    void wrong_operation_is_answered_with_the_place() throws Exception {
        var file = Examples.edited("operation", UnaryOperator.identity());
        var operation = file.resolveSibling("operations").resolve("flights.delays.yaml");
        Files.writeString(operation, Files.readString(operation).replace("{name: carrier, type: text}", "{name: c}"));
        var answer = run("workflow", "deploy", file.toString());
        assertThat(answer.err()).startsWith("OPERATION_INVALID ").contains("flights.delays.yaml:17:9 ");
        assertThat(answer.status()).isEqualTo(2);
    }

    @Test
    void changed_workflow_of_a_deployed_version_is_refused() throws Exception {
        var file = Examples.edited("changed", text -> text.replace("{value: 30}", "{value: 31}"));
        var answer = run("workflow", "deploy", file.toString());
        refused(answer, 2, "VERSION_TAKEN nyc-delays 1.0.0 is on the ledger with digest ");
        assertThat(answer.fault()).endsWith("A deployed version never changes: raise \"version\".");
    }

    @Test
    void user_of_another_organisation_may_not_create() throws Exception {
        var file = Examples.edited(
                "jfk",
                text -> text.replace("create: [EwrMSP, JfkMSP, LgaMSP]", "create: [JfkMSP]")
                        .replace("name: nyc-delays", "name: jfk-only"));
        done("workflow", "deploy", file.toString());
        refused(
                run("task", "run", "jfk-only", "--arg", "month=7"),
                5,
                "NOT_PERMITTED User1@EwrMSP may not create jfk-only 1.0.0: access.create names JfkMSP.");
    }

    @Test
    void node_without_the_engine_is_named_with_what_it_offers() throws Exception {
        var file = Examples.edited(
                "nobody",
                text -> text.replace(
                                "{airport: {operation: flights.delays/1}}", "{airport: {operation: flights.merge/1}}")
                        .replace("name: nyc-delays", "name: nobody")
                        .replaceAll(
                                "(?s)      month: \\{parameter: month\\}\\s+flights: \\{data: flights\\}[^\n]*\n",
                                "      tables: {data: flights}\n")
                        .replace("  flights.delays/1: ./operations/flights.delays.yaml\n", ""));
        done("workflow", "deploy", file.toString());
        var answer = run("task", "run", "nobody", "--arg", "month=7");
        refused(answer, 2, "NO_ENGINE EwrMSP/node1 offers no flights.merge/1 (it offers ");
        assertThat(answer.fault()).endsWith("On that node: selvage engine check FILE, then selvage node reload.");
    }

    @Test
    void data_set_that_is_not_there_is_answered_with_the_one_that_was_meant() {
        refused(
                run("data", "grant", "flight", "--operation", "flights.delays/1", "--creator", "EwrMSP"),
                2,
                "DATA_UNKNOWN EwrMSP/node1 has no data set \"flight\"; did you mean \"flights\"? Add one there: selvage data add flight FILE");
    }

    @Test
    void identity_that_is_none_and_a_channel_that_is_not_there_are_refused() throws Exception {
        var profiles = MainJobNetwork.network().data.resolve("profiles");
        var text = Files.readString(profiles.resolve("local.yaml"));
        var stranger = Files.writeString(profiles.resolve("stranger.yaml"), text.replace("msp: EwrMSP", "msp: JfkMSP"));
        refused(
                run("task", "list", "--profile", stranger.toString()),
                2,
                "MSP_MISMATCH The identity is not of the organisation that it names");
        var elsewhere = Files.writeString(
                profiles.resolve("elsewhere.yaml"), text.replace("channel: selvage", "channel: elsewhere"));
        refused(run("task", "list", "--profile", elsewhere.toString()), 2, "CHANNEL_UNKNOWN The ledger at ");
    }

    @Test
    void user_who_is_no_admin_or_of_another_organisation_may_not_change_a_node() {
        var profiles = MainJobNetwork.network().data.resolve("profiles");
        var user = profiles.resolve("local.yaml").toString();
        refused(run("data", "remove", "flights", "--profile", user), 5, "NOT_PERMITTED User1@EwrMSP is no admin");
        var jfk = profiles.resolve("jfk.yaml").toString();
        refused(run("data", "list", "--node", "EwrMSP/node1", "--profile", jfk), 5, "NOT_PERMITTED");
    }
}
