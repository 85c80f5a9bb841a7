package dev.selvage.cli.it;

import static dev.selvage.cli.it.MainJobNetwork.done;
import static dev.selvage.cli.it.MainJobNetwork.json;
import static dev.selvage.cli.it.MainJobNetwork.refused;
import static dev.selvage.cli.it.MainJobNetwork.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.model.CanonicalJson;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example data-sale, and the commands about anchors and audits, end to end. */
@ExtendWith(MainJobNetwork.class)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DataSaleIT {
    private static final String DATA = "flights-2013";
    private static final int BLOCK = 64 * 1024;

    private static Network.Answer story;

    @BeforeAll
    static void tell_the_story() {
        story = done("quickstart", "--example", "data-sale");
    }

    /** The seller's file. */
    private static Path forSale() {
        return MainJobNetwork.network().data.resolve("engines/data/" + DATA + ".csv");
    }

    private static void flip(Path file, long at) throws IOException {
        try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            int before = bytes.read();
            bytes.seek(at);
            bytes.write(before ^ 1);
        }
    }

    @Test
    void damaged_data_is_not_sold_and_restored_data_is() {
        assertThat(story.out())
                .contains("2 EwrMSP audits: intact")
                .contains("4 EwrMSP audits: NOT INTACT: the tags do not belong to the data")
                .contains("block 42")
                .containsPattern("5 The sale: task [0-9a-f]+\\.\\.\\. Failed .*AUDIT_REJECTED")
                .containsPattern("7 The sale: task [0-9a-f]+\\.\\.\\. Succeeded   check ok .* transfer ok .* keep ok ")
                .contains("8 What EwrMSP got: same: ");
        var audits = json("data", "audits", DATA, "--of", "JfkMSP");
        assertThat(audits.findValuesAsText("mode"))
                .as("nothing was shown of the data before it was sold")
                .containsOnly("sectored");
        assertThat(audits.findValuesAsText("state")).contains("Accepted", "Rejected");
        assertThat(done("data", "audits", audits.get(0).path("audit").asText()).out())
                .contains("opened")
                .contains("proof recorded")
                .contains("Accepted");
    }

    @Test
    void an_audit_says_no_with_the_blocks_that_differ_and_leaves_with_six() throws IOException {
        assertThat(done("data", "audit", DATA, "--of", "JfkMSP").out()).startsWith("intact");
        flip(forSale(), 5 * BLOCK + 7);
        try {
            var no = run("data", "audit", DATA, "--of", "JfkMSP", "--output", "json");
            assertThat(no.status()).isEqualTo(6);
            assertThat(no.fault()).startsWith("AUDIT_REJECTED").contains("block 5");
            assertThat(CanonicalJson.parse(no.out()).path("damaged").toString()).isEqualTo("[5]");
        } finally {
            flip(forSale(), 5 * BLOCK + 7);
        }
    }

    @Test
    void a_bought_file_is_compared_byte_for_byte() throws IOException {
        var bought = MainJobNetwork.folder("sale").resolve("bought.csv");
        Files.copy(forSale(), bought);
        assertThat(json("data", "verify", bought.toString(), DATA, "--of", "JfkMSP")
                        .path("same")
                        .asBoolean())
                .isTrue();
        flip(bought, 9 * BLOCK);
        var no = run("data", "verify", bought.toString(), DATA, "--of", "JfkMSP");
        assertThat(no.status()).isEqualTo(6);
        assertThat(no.fault()).startsWith("DATA_DIFFERS").contains("1 of ").contains("differ: 9.");
    }

    @Test
    void tags_are_registered_anchored_and_audited_without_showing_a_block() throws IOException {
        var file = MainJobNetwork.folder("sale").resolve("Masked Data.csv");
        Files.write(file, new byte[50_000]);
        var anchored = json(
                "data",
                "anchor",
                file.toString(),
                "--node",
                "JfkMSP/node1",
                "--mode",
                "sectored",
                "--block",
                "2Ki",
                "--expires",
                "90d");
        assertThat(anchored.path("data").asText()).isEqualTo("JfkMSP/masked-data");
        var anchors = json("data", "anchors", "masked-data", "--of", "JfkMSP");
        assertThat(anchors.path("anchors").get(0).path("expires").asLong())
                .isGreaterThan(System.currentTimeMillis() + TimeUnit.DAYS.toMillis(89));
        assertThat(anchors.path("history")).hasSize(1);
        done(
                "data",
                "grant",
                "masked-data",
                "--operation",
                "data.check/1",
                "--creator",
                "EwrMSP",
                "--node",
                "JfkMSP/node1");
        var report = json("data", "audit", "masked-data", "--of", "JfkMSP", "--detect", "90%:10%");
        assertThat(report.path("mode").asText()).isEqualTo("sectored");
        assertThat(report.path("accepted").asBoolean()).isTrue();
        assertThat(report.path("challenged").asInt()).isEqualTo(22);
    }

    @Test
    void a_key_that_leaked_is_revoked_and_the_data_anchored_under_a_new_one() throws IOException {
        var file = MainJobNetwork.folder("sale").resolve("leaked.csv");
        Files.write(file, new byte[5_000]);
        String[] anchor = {
            "data", "anchor", file.toString(), "--node", "EwrMSP/node1", "--mode", "sectored", "--block", "2Ki"
        };
        assertThat(json(anchor).path("version").asInt()).isEqualTo(1);
        var key = json("data", "key", "list", "--of", "EwrMSP")
                .get(0)
                .path("key")
                .path("key")
                .asText();
        assertThat(done("data", "key", "revoke", key, "--reason", "leaked", "--node", "EwrMSP/node1")
                        .out())
                .contains("is revoked");
        assertThat(json(anchor).path("version").asInt())
                .as("the same bytes under another key")
                .isEqualTo(2);
    }

    /** Requirement B6: LgaMSP keeps the data for JfkMSP, and a workflow of EwrMSP audits it there. */
    @Test
    void a_workflow_audits_the_node_that_holds_the_data_for_its_owner() throws IOException {
        var kept = MainJobNetwork.folder("sale").resolve("kept.bin");
        Files.write(kept, new byte[200_000]);
        var copy = Files.copy(kept, kept.resolveSibling("copy-at-lga.bin"));
        done("data", "anchor", kept.toString(), "--node", "JfkMSP/node1", "--lanes", "1");
        done("data", "grant", "kept", "--operation", "data.move/1", "--creator", "LgaMSP", "--node", "JfkMSP/node1");
        done("data", "add", "kept-copy", copy.toString(), "--node", "LgaMSP/node1");
        done(
                "data",
                "grant",
                "kept-copy",
                "--operation",
                "data.check/1",
                "--creator",
                "EwrMSP",
                "--opens",
                "100%",
                "--node",
                "LgaMSP/node1");
        done("data", "hold", "kept-copy", "kept", "--of", "JfkMSP", "--node", "LgaMSP/node1");
        done("data", "provers", "kept", "LgaMSP/node1", "--node", "JfkMSP/node1");
        assertThat(done("data", "anchors", "kept-copy", "--node", "LgaMSP/node1")
                        .out())
                .contains("JfkMSP/kept")
                .contains("cpu");

        done("workflow", "deploy", auditAtHolder().toString());
        Files.delete(kept); // the owner itself could prove nothing now
        var task = json("task", "run", "audit-at-holder").path("task").asText();
        done("task", "watch", task, "--wait", "60s");
        var verdict =
                CanonicalJson.parse(done("task", "result", task, "verdict").out());
        assertThat(verdict.path("holder").asText()).isEqualTo("LgaMSP/node1");
        assertThat(verdict.path("accepted").asBoolean()).isTrue();

        flip(copy, 70_000);
        var damaged = json("task", "run", "audit-at-holder").path("task").asText();
        assertThat(run("task", "watch", damaged, "--wait", "60s").status()).isEqualTo(3);
        assertThat(json("task", "why", damaged)
                        .path("failures")
                        .get(0)
                        .path("code")
                        .asText())
                .isEqualTo("AUDIT_REJECTED");
    }

    private static Path auditAtHolder() throws IOException {
        var folder = Files.createDirectories(MainJobNetwork.folder("sale").resolve("audit-at-holder/operations"));
        Files.copy(
                Network.home().resolve("examples/data-sale/operations/data.check.yaml"),
                folder.resolve("data.check.yaml"),
                StandardCopyOption.REPLACE_EXISTING);
        return Files.writeString(folder.resolveSibling("workflow.yaml"), """
                selvage: workflow/v1
                name: audit-at-holder
                version: 1.0.0
                operations:
                  data.check/1: ./operations/data.check.yaml
                access: {create: [EwrMSP], approve: [], cancel: [creator], read: channel}
                roles:
                  buyer: {node: EwrMSP/node1}
                subTasks:
                  check:
                    participants: {buyer: {operation: data.check/1}}
                    inputs:
                      of: {value: JfkMSP}
                      data: {value: kept}
                      holder: {value: LgaMSP/node1}
                    outputs: {verdict: {visibility: channel, onLedger: true, maxSize: 16Ki}}
                    deadlines: {accept: 1m, fetch: 1m, run: 5m, publish: 1m}
                results:
                  verdict: {result: check, output: verdict}
                """);
    }

    @Test
    void what_cannot_be_audited_is_refused_with_a_code() {
        refused(run("data", "audit", "nothing", "--of", "JfkMSP"), 2, "ANCHOR_UNKNOWN");
        refused(
                run("data", "audit", DATA, "--of", "JfkMSP", "--detect", "100%:1%"),
                2,
                "ARGUMENT_INVALID detect=100%:1%");
        refused(run("data", "anchor", "flights", "--node", "EwrMSP/node1"), 2, "NOT_SUPPORTED");
    }
}
