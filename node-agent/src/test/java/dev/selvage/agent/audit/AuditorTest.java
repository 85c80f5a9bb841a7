package dev.selvage.agent.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.contract.Settings;
import dev.selvage.contract.testing.Identity;
import dev.selvage.contract.testing.MemoryLedger;
import dev.selvage.integrity.audit.BlockSource;
import dev.selvage.integrity.audit.FileKey;
import dev.selvage.integrity.audit.LeafPaths;
import dev.selvage.integrity.audit.MalformedProofException;
import dev.selvage.integrity.audit.MerkleAudit;
import dev.selvage.integrity.audit.OnLedger;
import dev.selvage.metadata.MetadataChaincode;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.AuditState;
import dev.selvage.model.integrity.DataName;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataApi.AuditView;
import dev.selvage.model.integrity.MetadataFacts.AnchorFact;
import dev.selvage.model.integrity.MetadataKeys;
import dev.selvage.proofs.MerkleTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The buyer's side against provers that do not play by the rules, on the contract itself. */
class AuditorTest {
    private static final Identity SELLER = Identity.user("JfkMSP");
    private static final DataName DATA = new DataName("JfkMSP", "flights");
    private static final NodeId HOLDER = new NodeId("JfkMSP", "node1");
    private static final int BLOCK = 64;

    private final MemoryLedger ledger =
            new MemoryLedger(() -> new MetadataChaincode(Settings.DEFAULT), List.of(), List.of());
    private final FileKey key = new FileKey(new byte[32]);
    private final byte[] bytes = new byte[40 * BLOCK];
    private final List<String> asked = new ArrayList<>();

    AuditorTest() {
        new Random(5).nextBytes(bytes);
    }

    /** What a prover does when it is asked for the proof, the first time and later. */
    private interface Behaviour {
        byte[] proof(AuditView audit, int attempt) throws IOException;
    }

    private AuditReport audit(String detect, Behaviour prover) {
        AuditSteps steps = new AuditSteps() {
            @Override
            public void answer(NodeId holder, String audit) {
                ledger.submit(SELLER, MetadataApi.ANSWER_AUDIT, new MetadataApi.Nonce(audit, new byte[32]));
            }

            @Override
            public <T> T prove(NodeId holder, String audit, Duration patience, Reading<T> reading)
                    throws MalformedProofException {
                asked.add(audit);
                try {
                    return reading.from(new ByteArrayInputStream(prover.proof(view(audit), asked.size())));
                } catch (IOException e) {
                    throw new SelvageException(ErrorCode.PEER_UNREACHABLE, "was cut off", e);
                }
            }
        };
        var metadata = new Metadata(new ContractInMemory(ledger, Identity.user("EwrMSP")));
        var step = new AuditTimes(Duration.ofMillis(MetadataApi.SHORTEST_STEP));
        var order = new Auditor.Order(
                DATA, Optional.of(HOLDER), Detection.parse(detect), Optional.empty(), Optional.empty());
        return new Auditor("selvage", metadata, steps, step, msp -> HOLDER).audit(order, Progress.NONE);
    }

    private AuditView view(String audit) {
        return ledger.evaluate(SELLER, MetadataApi.GET_AUDIT, new MetadataApi.AuditQuery(audit), AuditView.class);
    }

    private BlockSource blocks() {
        return new BlockSource() {
            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public int blockSize() {
                return BLOCK;
            }

            @Override
            public byte[] block(int index) {
                return Arrays.copyOfRange(bytes, index * BLOCK, (index + 1) * BLOCK);
            }
        };
    }

    private MerkleTree tree() throws IOException {
        return MerkleTree.of(MerkleAudit.leaves(DATA.file().bytes(), blocks(), key));
    }

    private AnchorFact anchor(int leaves, Digest root) {
        var request = new MetadataApi.NewAnchor(
                DATA.name(), 1, AuditMode.MERKLE, leaves, (long) leaves * BLOCK, BLOCK, root, null, null, null, null);
        return ledger.submit(SELLER, MetadataApi.ANCHOR, request).answer(AnchorFact.class);
    }

    private void anchor() throws IOException {
        anchor(bytes.length / BLOCK, Digest.fromHash(tree().root()));
    }

    private byte[] honest(AuditView audit) throws IOException {
        var out = new ByteArrayOutputStream();
        var challenge = OnLedger.challenge(audit.audit(), audit.reveal());
        MerkleAudit.prove(challenge, blocks(), key, LeafPaths.of(tree()), new byte[0], out);
        return out.toByteArray();
    }

    /** Else it would begin again until the challenge spares what is missing. */
    @Test
    void a_prover_that_closes_after_the_reveal_is_rejected_and_gets_no_other_challenge() throws IOException {
        anchor();
        List<ErrorCode> words = List.of(ErrorCode.GRANT_MISSING, ErrorCode.TOO_MANY_REQUESTS);
        var report = audit(
                "99%:1%",
                (audit, attempt) -> {
                    throw new SelvageException(words.get((attempt - 1) % 2), "not now");
                });
        assertThat(report.accepted()).isFalse();
        assertThat(report.txid()).isNull();
        assertThat(report.sentence())
                .contains("is not proven")
                .contains("NoProof")
                .contains("not now");
        assertThat(asked).hasSizeGreaterThan(1).containsOnly(report.audit());
        assertThat(view(report.audit()).state())
                .as("nobody ended it for the prover")
                .isEqualTo(AuditState.AWAITING_PROOF);
        ledger.pass(Duration.ofHours(1).toMillis());
        ledger.submit(SELLER, MetadataApi.EXPIRE_AUDIT, new MetadataApi.AuditQuery(report.audit()));
        assertThat(view(report.audit()).state()).isEqualTo(AuditState.NO_PROOF);
        assertThat(ErrorCode.AUDIT_REJECTED.retryable()).isFalse();
    }

    @Test
    void a_link_that_breaks_is_tried_again_with_the_same_challenge() throws IOException {
        anchor();
        var report = audit(
                "99%:1%",
                (audit, attempt) -> {
                    if (attempt == 1) {
                        throw new IOException("broken");
                    }
                    return honest(audit);
                });
        assertThat(report.accepted()).as(report.reason()).isTrue();
        assertThat(asked).hasSize(2).containsOnly(report.audit());
        assertThat(view(report.audit()).state()).isEqualTo(AuditState.ACCEPTED);
    }

    @Test
    void a_proof_that_ends_too_early_is_rejected_on_the_ledger() throws IOException {
        anchor();
        var report = audit("99%:1%", (audit, attempt) -> Arrays.copyOf(honest(audit), 100));
        assertThat(report.accepted()).isFalse();
        assertThat(view(report.audit()).state()).isEqualTo(AuditState.REJECTED);
    }

    @Test
    void a_detection_that_no_audit_reaches_is_refused_before_anything_is_written() {
        anchor(400_000, Digest.of(new byte[1]));
        assertThatThrownBy(() -> audit("99%:0.001%", (audit, attempt) -> new byte[0]))
                .isInstanceOfSatisfying(SelvageException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.DETECTION_OUT_OF_REACH);
                    assertThat(e.parameters())
                            .containsEntry("reachable", "48.0746%:0.001%")
                            .containsEntry("coarser", "99%:0.0071%");
                });
        assertThat(ledger.state.keySet()).noneMatch(name -> name.startsWith("audit"));
    }

    /** One may stand on the ledger from before the contract knew bounds. */
    @Test
    void an_anchor_that_does_not_fit_into_this_node_is_refused_before_anything_is_written() throws IOException {
        anchor();
        var name = MetadataKeys.anchor(DATA, 1);
        var stored = CanonicalJson.read(ledger.state.get(name).value(), AnchorFact.class);
        for (int blockSize : new int[] {Integer.MAX_VALUE, 1 << 20, 1}) {
            var large = new AnchorFact(
                    DATA,
                    1,
                    AuditMode.SECTORED,
                    stored.file(),
                    1,
                    1,
                    blockSize,
                    1,
                    stored.root(),
                    null,
                    null,
                    Digest.of(new byte[2]),
                    new byte[96],
                    null,
                    null,
                    stored.by(),
                    stored.at(),
                    stored.txid());
            ledger.state.put(name, new MemoryLedger.Entry(CanonicalJson.bytes(large), 1));
            assertThatThrownBy(() -> audit("99%:1%", (audit, attempt) -> new byte[0]))
                    .isInstanceOfSatisfying(
                            SelvageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_SUPPORTED));
        }
        assertThat(ledger.state.keySet()).noneMatch(key -> key.startsWith("audit"));
    }
}
