package dev.selvage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.agent.audit.AuditApi;
import dev.selvage.agent.audit.AuditApi.AnchorReport;
import dev.selvage.agent.audit.AuditApi.JobView;
import dev.selvage.agent.audit.AuditReport;
import dev.selvage.agent.control.ControlApi;
import dev.selvage.engine.BuiltinEngine;
import dev.selvage.integrity.hash.CpuWay;
import dev.selvage.integrity.hash.HashLayout;
import dev.selvage.integrity.hash.gpu.Gpu;
import dev.selvage.integrity.tuning.HashDecision;
import dev.selvage.integrity.tuning.HashWish;
import dev.selvage.integrity.tuning.Machine;
import dev.selvage.integrity.tuning.Tuning;
import dev.selvage.integrity.tuning.TuningFile;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.AuditState;
import dev.selvage.model.integrity.DataName;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What stands around an audit: how files are hashed, who may prove for the owner, what ends an audit that nobody goes on with. */
class AuditsAroundTest extends AuditNetwork {
    @Test
    void a_file_is_hashed_as_measured_and_each_anchor_keeps_how() throws IOException {
        Path file = data("tuned", BuiltinEngine.CHECK);
        Path home = channel.node("JfkMSP").data();
        var none = new Gpu.Search(Optional.empty(), "no CUDA driver on this machine");
        var measured = new Tuning(
                Machine.here(Gpu.find()),
                1,
                2,
                new HashLayout(1024, 2, 8192, CpuWay.MAPPED),
                3,
                null,
                none.absent(),
                List.of());
        Path kept = TuningFile.write(home, measured);
        try {
            for (AuditMode mode : AuditMode.values()) {
                if (mode.needsKey()) {
                    registerKey();
                }
                var report = anchorAs("tuned", mode, null);
                assertThat(report.blockSize()).as("%s", mode).isEqualTo(1024);
                assertThat(report.hashing())
                        .isEqualTo(new HashDecision("cpu", 1024, 2, 8192, "MAPPED", 0, 0, 0, none.absent()));
                assertThat(kit("tuned", report.version()).hashing()).isEqualTo(report.hashing());
                assertThat(audit("tuned", null).accepted()).isTrue();
            }
            flip(file, 1);
            var wish = new HashWish(2048, 1, null, CpuWay.READ, false);
            var wished = anchorAs("tuned", AuditMode.MERKLE, wish);
            assertThat(wished.hashing())
                    .isEqualTo(new HashDecision(
                            "cpu", 2048, 1, 8192, "READ", 0, 0, 0, "no GPU is wanted; partly as asked for"));
            assertThat(anchorAs("tuned", AuditMode.MERKLE, null).fresh())
                    .as("another block size is no change of the data")
                    .isFalse();
            refused(
                    () -> anchorAs("tuned", AuditMode.MERKLE, new HashWish(null, 0, null, null, null)),
                    ErrorCode.ARGUMENT_INVALID);
        } finally {
            Files.delete(kept);
        }
    }

    private static AnchorReport anchorAs(String name, AuditMode mode, HashWish wish) {
        return job(
                "JfkMSP", AuditApi.ANCHOR, new AuditApi.AnchorOrder(name, mode, null, wish, false), AnchorReport.class);
    }

    private static AuditApi.KitView kit(String name, int version) {
        try (var node = owner("JfkMSP")) {
            return node.askList(AuditApi.KITS, new ControlApi.Nothing(), AuditApi.KitView.class).stream()
                    .filter(kit -> kit.local().equals(name) && kit.version() == version)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void an_audit_whose_next_step_does_not_come_is_ended_by_the_buyers_node() throws IOException {
        data("silent", BuiltinEngine.CHECK);
        var anchored = anchor("silent", AuditMode.MERKLE);
        // opened by somebody of the buyer who then goes away, as a node that is killed in the middle
        channel.submitMetadata(
                "EwrMSP",
                MetadataApi.OPEN_AUDIT,
                new MetadataApi.NewAudit(
                        anchored.data(),
                        anchored.version(),
                        AuditMode.MERKLE,
                        1,
                        Digest.of(new byte[1]),
                        null,
                        new MetadataFacts.Times(1000, 1000, 1000, 1000),
                        null));
        var ended = Awaitility.await("its end on the ledger")
                .atMost(Duration.ofSeconds(30))
                .until(
                        () -> auditsOf("silent"),
                        audits -> audits.size() == 1 && audits.get(0).state().ended())
                .get(0);
        assertThat(ended.state()).isEqualTo(AuditState.NO_ANSWER);
        assertThat(onLedger(ended.audit()).end().by().msp()).isEqualTo("EwrMSP");
    }

    private static List<MetadataApi.AuditSummary> auditsOf(String name) {
        var query = new MetadataApi.AuditsQuery(new DataName("JfkMSP", name), null, null);
        var page = CanonicalJson.parse(new String(
                channel.user("LgaMSP")
                        .evaluate(MetadataApi.CHAINCODE, MetadataApi.LIST_AUDITS, List.of(CanonicalJson.text(query))),
                StandardCharsets.UTF_8));
        List<MetadataApi.AuditSummary> audits = new java.util.ArrayList<>();
        page.path("items").forEach(item -> audits.add(CanonicalJson.bind(item, MetadataApi.AuditSummary.class)));
        return audits;
    }

    /** Requirement B6: LgaMSP's node holds the data and proves for JfkMSP, whose own copy is gone. */
    @Test
    void a_third_node_that_holds_the_data_proves_for_the_owner() throws IOException {
        Path file = data("stored", BuiltinEngine.CHECK, BuiltinEngine.MOVE);
        grant("JfkMSP", "stored", BuiltinEngine.MOVE, "LgaMSP");
        Path copy = Files.copy(file, folder.resolve("stored-at-lga"));
        agent("LgaMSP").data().addFile("copy", copy, "application/octet-stream", false);
        grant("LgaMSP", "copy", BuiltinEngine.CHECK, "EwrMSP");
        var anchored = anchor("stored", AuditMode.SECTORED);
        var held = job(
                "LgaMSP",
                AuditApi.HOLD,
                new AuditApi.HoldOrder(anchored.data(), "copy", null),
                AuditApi.HoldReport.class);
        assertThat(held.version()).isEqualTo(1);
        Files.delete(file);
        refused(() -> auditAt("LgaMSP/node1", "stored", null), ErrorCode.REQUEST_INVALID);

        channel.submitMetadata(
                "JfkMSP",
                MetadataApi.NAME_PROVERS,
                new MetadataApi.NewProvers("stored", List.of(new MetadataFacts.Prover("LgaMSP", null, null))));
        for (AuditMode mode : List.of(AuditMode.SECTORED, AuditMode.MERKLE)) {
            var report = auditAt("LgaMSP/node1", "stored", mode);
            assertThat(report.accepted()).as(report.reason()).isTrue();
            assertThat(report.holder()).hasToString("LgaMSP/node1");
            assertThat(onLedger(report).answer().by().msp()).isEqualTo("LgaMSP");
        }
        flip(copy, 11L * BLOCK);
        assertThat(auditAt("LgaMSP/node1", "stored", AuditMode.MERKLE).damaged())
                .containsExactly(11);
        assertThat(audit("stored", AuditMode.MERKLE).reason()).startsWith("the prover has no proof");
    }

    @Test
    void a_version_goes_on_from_the_one_before_unless_a_key_of_its_own_is_wanted() throws IOException {
        Path file = data("renewed", BuiltinEngine.CHECK);
        for (AuditMode mode : List.of(AuditMode.SECTORED, AuditMode.MERKLE)) {
            var first = anchor("renewed", mode);
            assertThat(first.anew()).isEqualTo(first.blocks());
            flip(file, 3L * BLOCK);
            flip(file, 7L * BLOCK);
            var second = anchor("renewed", mode);
            assertThat(second.fresh()).isTrue();
            assertThat(second.anew()).as("%s", mode).isEqualTo(2);
            assertThat(audit("renewed", mode).accepted()).isTrue();
            assertThat(kept(second, "key")).isEqualTo(kept(first, "key"));
            byte[] before = kept(first, "tags");
            byte[] tags = kept(second, "tags");
            for (int i = 0; i < tags.length / 48; i++) {
                assertThat(java.util.Arrays.equals(before, i * 48, i * 48 + 48, tags, i * 48, i * 48 + 48))
                        .isEqualTo(i != 3 && i != 7);
            }
            var third = job(
                    "JfkMSP",
                    AuditApi.ANCHOR,
                    new AuditApi.AnchorOrder("renewed", mode, null, HashWish.NONE.withBlockSize(BLOCK), true),
                    AnchorReport.class);
            assertThat(third.anew()).isEqualTo(third.blocks());
            assertThat(kept(third, "key")).isNotEqualTo(kept(second, "key"));
            assertThat(audit("renewed", mode).accepted()).isTrue();
            assertThat(anchor("renewed", mode).fresh()).isFalse();
        }
    }

    /** A file of the node's newest versions. */
    private static byte[] kept(AnchorReport report, String part) throws IOException {
        try (var files = Files.walk(channel.node("JfkMSP").data())) {
            for (Path kit : files.filter(file -> file.endsWith("kit.json")).toList()) {
                var json = CanonicalJson.parse(Files.readString(kit));
                if (json.path("version").asInt() == report.version()
                        && json.path("root")
                                .asText()
                                .equals(CanonicalJson.tree(report.root()).asText())) {
                    return Files.readAllBytes(kit.resolveSibling(part));
                }
            }
        }
        throw new AssertionError("no kit of version " + report.version());
    }

    /** Over 524,288 blocks: groups are kept, and what lies below them is hashed again from the file. */
    @Test
    void a_file_of_very_many_blocks_is_anchored_audited_and_verified_by_groups() throws IOException {
        Path file = data("fine", BuiltinEngine.CHECK, BuiltinEngine.MOVE);
        try (var bytes = new java.io.RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength(64L * ((1 << 19) + 1));
        }
        var anchored = anchorAs("fine", AuditMode.MERKLE, HashWish.NONE.withBlockSize(64));
        assertThat(anchored.blocks()).isEqualTo((1 << 19) + 1);
        assertThat(kept(anchored, "hashes")).hasSize(33 * 32);
        var report = audit("fine", null);
        assertThat(report.accepted()).as(report.reason()).isTrue();
        flip(file, 64L * 20_000);
        var second = anchorAs("fine", AuditMode.MERKLE, null);
        assertThat(second.anew()).as("the blocks of the group").isEqualTo(1 << 14);
        flip(file, 64L * 20_000);
        var verified = job(
                "EwrMSP",
                AuditApi.VERIFY,
                new AuditApi.VerifyOrder(second.data(), file.toString(), null, null),
                AuditApi.VerifyReport.class);
        assertThat(verified.same()).isFalse();
        assertThat(verified.group()).isEqualTo(1 << 14);
        assertThat(verified.differingBlocks()).isEqualTo(1 << 14);
        assertThat(verified.differing()).hasSize(AuditReport.DAMAGED).startsWith(1 << 14);
        assertThat(audit("fine", null).accepted()).isFalse();
    }

    /** Else enough audits would hand over the file without a grant to move it. */
    @Test
    void audits_show_no_more_blocks_than_the_grant_lets_the_buyer_see() throws IOException {
        data("shared");
        grant("JfkMSP", "shared", BuiltinEngine.CHECK, "EwrMSP", 50);
        var anchored = anchor("shared", AuditMode.SECTORED);
        refused(() -> detect("shared", "90%:10%", AuditMode.MERKLE), ErrorCode.OPENING_LIMIT);
        for (int i = 0; i < 2; i++) {
            assertThat(detect("shared", "50%:10%", AuditMode.MERKLE).challenged())
                    .isEqualTo(7);
        }
        refused(() -> detect("shared", "50%:10%", AuditMode.MERKLE), ErrorCode.OPENING_LIMIT);
        assertThat(auditsOf("shared"))
                .filteredOn(audit -> audit.state() == AuditState.ABORTED)
                .as("refused before the prover's number is on the ledger")
                .hasSize(2)
                .allMatch(audit -> onLedger(audit.audit()).answer() == null);
        assertThat(detect("shared", "99%:1%", AuditMode.SECTORED).accepted())
                .as("masked sums show no block")
                .isTrue();
        grant("JfkMSP", "shared", BuiltinEngine.CHECK, "EwrMSP", 100);
        assertThat(detect("shared", "99%:1%", AuditMode.MERKLE).challenged()).isEqualTo(anchored.blocks());
    }

    private static AuditReport detect(String name, String detect, AuditMode mode) {
        return job(
                "EwrMSP",
                AuditApi.AUDIT,
                new AuditApi.AuditOrder(new DataName("JfkMSP", name), null, detect, mode),
                AuditReport.class);
    }

    @Test
    void a_file_that_is_written_to_while_it_is_anchored_gives_file_changed_and_no_anchor() throws IOException {
        registerKey();
        byte[] bytes = new byte[2_000_000];
        Path file = Files.write(folder.resolve("moving"), bytes);
        agent("JfkMSP").data().addFile("moving", file, "application/octet-stream", false);
        try (var node = owner("JfkMSP")) {
            var order = new AuditApi.AnchorOrder(
                    "moving", AuditMode.SECTORED, null, HashWish.NONE.withBlockSize(BLOCK), false);
            var begun = node.ask(AuditApi.ANCHOR, order, JobView.class);
            var signing = Awaitility.await("it is signed")
                    .pollInterval(Duration.ofMillis(5))
                    .until(
                            () -> node.ask(AuditApi.JOB, new AuditApi.JobId(begun.job()), JobView.class),
                            view -> view.phase().equals("signing")
                                    || !view.state().equals(JobView.RUNNING));
            assertThat(signing.state()).isEqualTo(JobView.RUNNING);
            flip(file, 1_999_999);
            var ended = Awaitility.await("its end")
                    .until(
                            () -> node.ask(AuditApi.JOB, new AuditApi.JobId(begun.job()), JobView.class),
                            view -> !view.state().equals(JobView.RUNNING));
            assertThat(ended.code()).isEqualTo("FILE_CHANGED");
        }
        refused(() -> detect("moving", "99%:1%", null), ErrorCode.ANCHOR_UNKNOWN);
    }

    @Test
    void a_refused_anchoring_leaves_the_two_newest_versions() throws IOException {
        Path file = data("kept", BuiltinEngine.CHECK);
        anchor("kept", AuditMode.MERKLE);
        flip(file, 0);
        anchor("kept", AuditMode.MERKLE);
        flip(file, 1);
        refused(
                () -> job(
                        "JfkMSP",
                        AuditApi.ANCHOR,
                        new AuditApi.AnchorOrder("kept", AuditMode.MERKLE, 1L, null, false),
                        AnchorReport.class),
                ErrorCode.REQUEST_INVALID);
        assertThat(versions("kept")).containsExactly(1, 2);
        anchor("kept", AuditMode.MERKLE);
        assertThat(versions("kept")).containsExactly(2, 3);
    }

    private static List<Integer> versions(String name) {
        try (var node = owner("JfkMSP")) {
            return node.askList(AuditApi.KITS, new ControlApi.Nothing(), AuditApi.KitView.class).stream()
                    .filter(kit -> kit.local().equals(name))
                    .map(AuditApi.KitView::version)
                    .toList();
        }
    }

    private static AuditReport auditAt(String holder, String name, AuditMode mode) {
        return job(
                "EwrMSP",
                AuditApi.AUDIT,
                new AuditApi.AuditOrder(new DataName("JfkMSP", name), holder, "99.9%:1%", mode),
                AuditReport.class);
    }
}
