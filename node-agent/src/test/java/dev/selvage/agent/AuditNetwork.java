package dev.selvage.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.agent.audit.AuditApi;
import dev.selvage.agent.audit.AuditApi.AnchorReport;
import dev.selvage.agent.audit.AuditApi.JobView;
import dev.selvage.agent.audit.AuditReport;
import dev.selvage.agent.control.ControlApi;
import dev.selvage.agent.control.ControlClient;
import dev.selvage.agent.peer.MemberSigner;
import dev.selvage.engine.BuiltinEngine;
import dev.selvage.integrity.tuning.HashWish;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.DataName;
import dev.selvage.model.integrity.MetadataApi;
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
import org.junit.jupiter.api.io.TempDir;

/** Nodes of three organisations over real wires, with the metadata contract, on either ledger. */
abstract class AuditNetwork {
    static final int BLOCK = 4096;
    static final int BLOCKS = 40;

    @TempDir
    static Path folder;

    private static final Map<String, Agent> AGENTS = new HashMap<>();
    static Channel channel;

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
        AGENTS.clear();
        channel.close();
    }

    static ControlClient owner(String msp) {
        var files = channel.organisation(msp).identity("Admin");
        return new ControlClient(
                new NodeId(msp, "node1"),
                "127.0.0.1:" + AGENTS.get(msp).port(),
                channel.organisation(msp).identity("node1").tls().roots(),
                Optional.of("127.0.0.1"),
                MemberSigner.read(msp, files.certificate(), files.key()),
                Clock.systemUTC());
    }

    static <T> T job(String msp, String function, Object order, Class<T> answer) {
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
    static Path data(String name, String... operations) throws IOException {
        byte[] bytes = new byte[BLOCKS * BLOCK - 100];
        new Random(name.hashCode()).nextBytes(bytes);
        Path file = Files.write(folder.resolve(name), bytes);
        AGENTS.get("JfkMSP").data().addFile(name, file, "application/octet-stream", false);
        for (String operation : operations) {
            grant("JfkMSP", name, operation, "EwrMSP");
        }
        return file;
    }

    /** Audits may show every block a few times over. */
    static void grant(String owner, String name, String operation, String creator) {
        grant(owner, name, operation, creator, 100);
    }

    static void grant(String owner, String name, String operation, String creator, int opens) {
        AGENTS.get(owner)
                .data()
                .grants()
                .grant(
                        name,
                        operation,
                        BuiltinEngine.builtinOperations().get(operation).digest(),
                        List.of(creator),
                        Optional.empty(),
                        opens);
    }

    static AnchorReport anchor(String name, AuditMode mode) {
        if (mode.needsKey()) {
            registerKey();
        }
        return job(
                "JfkMSP",
                AuditApi.ANCHOR,
                new AuditApi.AnchorOrder(name, mode, null, HashWish.NONE.withBlockSize(BLOCK), false),
                AnchorReport.class);
    }

    static void registerKey() {
        try (var node = owner("JfkMSP")) {
            var key = node.ask(AuditApi.OWNER_KEY, new ControlApi.Nothing(), AuditApi.OwnerKeyView.class);
            if (!key.registered()) {
                channel.submitMetadata(
                        "JfkMSP", MetadataApi.REGISTER_KEY, new MetadataApi.NewKey(key.publicKey(), key.possession()));
            }
        }
    }

    static AuditReport audit(String name, AuditMode mode) {
        return job(
                "EwrMSP",
                AuditApi.AUDIT,
                new AuditApi.AuditOrder(new DataName("JfkMSP", name), null, "99.9%:1%", mode),
                AuditReport.class);
    }

    static MetadataApi.AuditView onLedger(AuditReport report) {
        return onLedger(report.audit());
    }

    static MetadataApi.AuditView onLedger(String audit) {
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

    static void flip(Path file, long at) throws IOException {
        try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            int before = bytes.read();
            bytes.seek(at);
            bytes.write(before ^ 1);
        }
    }

    static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SelvageException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    /** A node's own files. */
    static Agent agent(String msp) {
        return AGENTS.get(msp);
    }
}
