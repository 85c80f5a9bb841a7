package dev.selvage.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.agent.audit.AuditApi;
import dev.selvage.agent.audit.AuditApi.AnchorReport;
import dev.selvage.agent.audit.AuditApi.JobView;
import dev.selvage.agent.audit.AuditApi.VerifyReport;
import dev.selvage.agent.audit.AuditReport;
import dev.selvage.agent.control.ControlApi;
import dev.selvage.agent.control.ControlClient;
import dev.selvage.agent.peer.MemberSigner;
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
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.AuditState;
import dev.selvage.model.integrity.DataName;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataFacts;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audits between the nodes of two organisations, over real wires and with the metadata contract on an embedded ledger. */
class AuditsTest {
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 40;

    @TempDir
    static Path folder;

    private static final Map<String, Agent> AGENTS = new HashMap<>();
    private static Channel channel;

    @BeforeAll
    static void open() throws Exception {
        channel = Channel.open(folder, Duration.ofMillis(20));
        channel.addMetadata();
        for (String msp : Channel.MSPS) {
            AGENTS.put(msp, Agent.start(channel.node(msp), EngineSource.of(Flow.engine(2))));
        }
        for (Agent agent : AGENTS.values()) {
            agent.ready().get(30, TimeUnit.SECONDS);
        }
        Awaitility.await("each node knows where the other is")
                .atMost(Duration.ofSeconds(60))
                .until(() -> AGENTS.values().stream()
                        .allMatch(agent -> Channel.MSPS.stream()
                                .allMatch(msp -> !agent.readModel().nodes(msp).isEmpty())));
    }

    @AfterAll
    static void close() {
        AGENTS.values().forEach(Agent::close);
        channel.close();
    }

    private static ControlClient owner(String msp) {
        var files = channel.organisation(msp).identity("Admin");
        return new ControlClient(
                new NodeId(msp, "node1"),
                "127.0.0.1:" + AGENTS.get(msp).port(),
                channel.organisation(msp).identity("node1").tls().roots(),
                Optional.of("127.0.0.1"),
                MemberSigner.read(msp, files.certificate(), files.key()),
                Clock.systemUTC());
    }

    private static <T> T job(String msp, String function, Object order, Class<T> answer) {
        try (var node = owner(msp)) {
            var begun = node.ask(function, order, JobView.class);
            JobView view = Awaitility.await(function)
                    .atMost(Duration.ofSeconds(60))
                    .until(
                            () -> node.ask(AuditApi.JOB, new AuditApi.JobId(begun.job()), JobView.class),
                            now -> !now.state().equals(JobView.RUNNING));
            if (view.state().equals(JobView.FAILED)) {
                throw new SelvageException(
                        ErrorCode.named(view.code()).orElseThrow(), view.parameters(), view.sentence());
            }
            return CanonicalJson.bind(view.answer(), answer);
        }
    }

    /** Random bytes of JfkMSP under that name, granted to EwrMSP for these operations. */
    private static Path data(String name, String... operations) throws IOException {
        byte[] bytes = new byte[BLOCKS * BLOCK - 100];
        new Random(name.hashCode()).nextBytes(bytes);
        Path file = Files.write(folder.resolve(name), bytes);
        AGENTS.get("JfkMSP").data().addFile(name, file, "application/octet-stream", false);
        for (String operation : operations) {
            grant("JfkMSP", name, operation, "EwrMSP");
        }
        return file;
    }

    private static void grant(String owner, String name, String operation, String creator) {
        AGENTS.get(owner)
                .data()
                .grants()
                .grant(
                        name,
                        operation,
                        BuiltinEngine.builtinOperations().get(operation).digest(),
                        List.of(creator),
                        Optional.empty());
    }

    private static AnchorReport anchor(String name, AuditMode mode) {
        if (mode.needsKey()) {
            registerKey();
        }
        return job(
                "JfkMSP",
                AuditApi.ANCHOR,
                new AuditApi.AnchorOrder(name, mode, HashWish.NONE.withBlockSize(BLOCK)),
                AnchorReport.class);
    }

    private static void registerKey() {
        try (var node = owner("JfkMSP")) {
            var key = node.ask(AuditApi.OWNER_KEY, new ControlApi.Nothing(), AuditApi.OwnerKeyView.class);
            if (!key.registered()) {
                channel.submitMetadata(
                        "JfkMSP", MetadataApi.REGISTER_KEY, new MetadataApi.NewKey(key.publicKey(), key.possession()));
            }
        }
    }

    private static AuditReport audit(String name, AuditMode mode) {
        return job(
                "EwrMSP",
                AuditApi.AUDIT,
                new AuditApi.AuditOrder(new DataName("JfkMSP", name), null, "99.9%:1%", mode),
                AuditReport.class);
    }

    private static MetadataApi.AuditView onLedger(AuditReport report) {
        return onLedger(report.audit());
    }

    private static MetadataApi.AuditView onLedger(String audit) {
        return CanonicalJson.read(
                new String(
                        channel.user("LgaMSP")
                                .evaluate(
                                        MetadataApi.CHAINCODE,
                                        MetadataApi.GET_AUDIT,
                                        List.of(CanonicalJson.text(new MetadataApi.AuditQuery(audit)))),
                        StandardCharsets.UTF_8),
                MetadataApi.AuditView.class);
    }

    private static void flip(Path file, long at) throws IOException {
        try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            int before = bytes.read();
            bytes.seek(at);
            bytes.write(before ^ 1);
        }
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SelvageException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void intact_data_is_accepted_and_the_verdict_stands_on_the_ledger() throws IOException {
        data("intact", BuiltinEngine.CHECK);
        var anchored = anchor("intact", AuditMode.MERKLE);
        assertThat(anchored.version()).isEqualTo(1);
        assertThat(anchored.blocks()).isEqualTo(BLOCKS);
        var report = audit("intact", null);
        assertThat(report.accepted()).as(report.reason()).isTrue();
        assertThat(report.challenged()).isEqualTo(BLOCKS);
        var view = onLedger(report);
        assertThat(view.state()).isEqualTo(AuditState.ACCEPTED);
        assertThat(view.end().proof()).isEqualTo(view.proof().proof());
        assertThat(view.audit().buyer().msp()).isEqualTo("EwrMSP");
    }

    @Test
    void a_flipped_bit_is_found_and_its_block_named_and_restored_data_accepted_again() throws IOException {
        Path file = data("damaged", BuiltinEngine.CHECK);
        anchor("damaged", AuditMode.MERKLE);
        flip(file, 17L * BLOCK + 5);
        var report = audit("damaged", null);
        assertThat(report.accepted()).isFalse();
        assertThat(report.damaged()).containsExactly(17);
        assertThat(onLedger(report).end().block()).isEqualTo(17);
        assertThat(onLedger(report).state()).isEqualTo(AuditState.REJECTED);
        flip(file, 17L * BLOCK + 5);
        assertThat(audit("damaged", null).accepted()).isTrue();
    }

    @Test
    void masked_tags_are_audited_without_a_block_of_the_data() throws IOException {
        Path file = data("sectored", BuiltinEngine.CHECK);
        anchor("sectored", AuditMode.SECTORED);
        var report = audit("sectored", null);
        assertThat(report.mode()).isEqualTo(AuditMode.SECTORED);
        assertThat(report.accepted()).as(report.reason()).isTrue();
        assertThat(report.proofBytes()).isLessThan(Files.size(file) / 4);
        assertThat(audit("sectored", AuditMode.MERKLE).accepted()).isTrue();
        flip(file, 3L * BLOCK);
        assertThat(audit("sectored", null).damaged()).containsExactly(3);
        assertThat(audit("sectored", AuditMode.MERKLE).damaged()).containsExactly(3);
    }

    @Test
    void the_published_scheme_runs_end_to_end() throws IOException {
        Path file = data("paper", BuiltinEngine.CHECK);
        anchor("paper", AuditMode.PAPER);
        assertThat(audit("paper", null).accepted()).isTrue();
        flip(file, 3L * BLOCK);
        assertThat(audit("paper", null).accepted()).isFalse();
    }

    @Test
    void data_that_is_gone_or_cut_short_is_rejected() throws IOException {
        Path file = data("cut", BuiltinEngine.CHECK);
        anchor("cut", AuditMode.MERKLE);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, 10 * BLOCK));
        var report = audit("cut", null);
        assertThat(report.accepted()).isFalse();
        assertThat(report.damaged()).first().isEqualTo(10);
        Files.delete(file);
        report = audit("cut", null);
        assertThat(report.accepted()).isFalse();
        assertThat(report.reason()).startsWith("the prover has no proof");
        assertThat(onLedger(report).state()).isEqualTo(AuditState.REJECTED);
    }

    @Test
    void data_that_changed_on_purpose_is_anchored_as_the_next_version() throws IOException {
        Path file = data("versions", BuiltinEngine.CHECK);
        assertThat(anchor("versions", AuditMode.MERKLE).fresh()).isTrue();
        assertThat(anchor("versions", AuditMode.MERKLE).fresh()).isFalse();
        flip(file, 0);
        var second = anchor("versions", AuditMode.MERKLE);
        assertThat(second.fresh()).isTrue();
        assertThat(second.version()).isEqualTo(2);
        assertThat(audit("versions", null).version()).isEqualTo(2);
    }

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
        return job("JfkMSP", AuditApi.ANCHOR, new AuditApi.AnchorOrder(name, mode, wish), AnchorReport.class);
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
        AGENTS.get("LgaMSP").data().addFile("copy", copy, "application/octet-stream", false);
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

    private static AuditReport auditAt(String holder, String name, AuditMode mode) {
        return job(
                "EwrMSP",
                AuditApi.AUDIT,
                new AuditApi.AuditOrder(new DataName("JfkMSP", name), holder, "99.9%:1%", mode),
                AuditReport.class);
    }

    @Test
    void an_audit_without_a_grant_is_refused_and_aborted() throws IOException {
        data("private");
        anchor("private", AuditMode.MERKLE);
        refused(() -> audit("private", null), ErrorCode.GRANT_MISSING);
        refused(() -> audit("unknown", null), ErrorCode.ANCHOR_UNKNOWN);
    }

    @Test
    void a_whole_file_is_compared_with_its_anchor_and_differing_blocks_are_named() throws IOException {
        Path file = data("whole", BuiltinEngine.CHECK, BuiltinEngine.MOVE);
        anchor("whole", AuditMode.MERKLE);
        Path bought = Files.copy(file, folder.resolve("bought"));
        assertThat(verify("whole", bought).same()).isTrue();
        flip(bought, 9L * BLOCK + 1);
        flip(bought, 30L * BLOCK);
        var report = verify("whole", bought);
        assertThat(report.same()).isFalse();
        assertThat(report.differing()).containsExactly(9, 30);
        flip(bought, 9L * BLOCK + 1);
        flip(bought, 30L * BLOCK);
        Files.write(bought, new byte[] {1}, java.nio.file.StandardOpenOption.APPEND);
        assertThat(verify("whole", bought).differing()).containsExactly(BLOCKS - 1);
    }

    private static VerifyReport verify(String name, Path file) {
        return job(
                "EwrMSP",
                AuditApi.VERIFY,
                new AuditApi.VerifyOrder(new DataName("JfkMSP", name), file.toString(), null, null),
                VerifyReport.class);
    }

    @Test
    void a_whole_file_is_compared_only_by_those_who_may_have_it() throws IOException {
        Path file = data("secret", BuiltinEngine.CHECK);
        anchor("secret", AuditMode.MERKLE);
        refused(() -> verify("secret", file), ErrorCode.GRANT_MISSING);
    }
}
