package dev.selvage.cli.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.selvage.formats.config.HostPort;
import dev.selvage.formats.config.KeyPairFiles;
import dev.selvage.formats.config.LedgerAccess;
import dev.selvage.formats.config.Profile;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.Organisations;
import dev.selvage.network.org.OrganisationsPlan;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command tells that a transaction came to nothing only when that is sure: the user would repeat it, and have two. */
class SubmissionTest {
    private static final Status BFT_DOUBT = Status.UNAVAILABLE.withDescription(
            "insufficient number of orderers could successfully process transaction");

    @TempDir
    private static Path folder;

    private static KeyPairFiles user;

    private final ScriptedPeer peer = new ScriptedPeer();
    private final ScriptedPeer other = new ScriptedPeer();

    @BeforeAll
    static void issue() {
        var files = Organisations.open(folder, OrganisationsPlan.of(1), Clock.systemUTC())
                .get("EwrMSP")
                .identity("User1");
        user = new KeyPairFiles(files.certificate(), files.key());
    }

    @AfterEach
    void close() {
        peer.close();
        other.close();
    }

    private static ContractClient client(ScriptedPeer... peers) {
        List<HostPort> addresses = Stream.of(peers).map(ScriptedPeer::address).toList();
        return ContractClient.open(
                new Profile(
                        "scripted",
                        new LedgerAccess(addresses, Optional.empty(), Optional.empty()),
                        "EwrMSP",
                        user,
                        "selvage",
                        "off-chain-compute",
                        Map.of()),
                Duration.ofMillis(300));
    }

    private static SelvageException faultOfSubmit(ScriptedPeer... peers) {
        try (var client = client(peers)) {
            return catchThrowableOfType(
                    SelvageException.class, () -> client.submit("off-chain-compute", "CreateTask", "{}"));
        }
    }

    @Test
    void transaction_that_commits_although_the_orderers_were_insufficient_is_done() {
        peer.submits.add(BFT_DOUBT);
        peer.statuses.add(TxValidationCode.VALID);
        try (var client = client(peer)) {
            assertThat(client.submit("off-chain-compute", "CreateTask", "{}"))
                    .asString()
                    .isEqualTo(ScriptedPeer.ANSWER);
        }
        assertThat(peer.submitted).hasSize(1);
        assertThat(peer.asked).isEqualTo(peer.submitted);
    }

    @Test
    void transaction_that_was_lost_is_sent_again_as_the_same() {
        peer.submits.add(Status.UNAVAILABLE.withDescription("no orderers could successfully process transaction"));
        peer.answersStatusAfter = 2;
        peer.statuses.add(TxValidationCode.VALID);
        assertThat(faultOfSubmit(peer)).isNull();
        assertThat(peer.submitted).hasSize(2);
        assertThat(peer.submitted.get(1)).isEqualTo(peer.submitted.get(0));
    }

    @Test
    void transaction_of_which_nobody_knows_is_unknown_and_named() {
        peer.submits.addAll(List.of(BFT_DOUBT, BFT_DOUBT));
        var fault = faultOfSubmit(peer);
        assertThat(fault.code()).isEqualTo(ErrorCode.COMMIT_UNKNOWN);
        assertThat(fault.sentence())
                .contains(peer.submitted.get(0), "may still commit", "insufficient number of orderers");
        assertThat(peer.submitted).hasSize(2);
    }

    @Test
    void deadline_and_a_link_that_breaks_leave_it_open_as_well() {
        peer.submits.add(Status.DEADLINE_EXCEEDED);
        peer.statuses.add(TxValidationCode.MVCC_READ_CONFLICT);
        var fault = faultOfSubmit(peer);
        assertThat(fault.code()).isEqualTo(ErrorCode.COMMIT_FAILED);
        assertThat(fault.sentence()).contains("MVCC_READ_CONFLICT");
        peer.submits.add(Status.UNAVAILABLE.withDescription("Network closed for unknown reason"));
        peer.statuses.add(TxValidationCode.VALID);
        assertThat(faultOfSubmit(peer)).isNull();
    }

    @Test
    void next_peer_takes_the_same_transaction() {
        peer.submits.add(Status.UNAVAILABLE.withDescription("Network closed for unknown reason"));
        other.statuses.add(TxValidationCode.VALID);
        assertThat(faultOfSubmit(peer, other)).isNull();
        assertThat(other.submitted).isEqualTo(peer.submitted);
        assertThat(peer.asked).isEmpty();
    }

    @Test
    void refused_identity_and_a_full_peer_are_told_at_once() {
        peer.submits.add(Status.PERMISSION_DENIED.withDescription("access denied"));
        assertThat(faultOfSubmit(peer).code()).isEqualTo(ErrorCode.IDENTITY_INVALID);
        peer.submits.add(Status.UNKNOWN.withDescription("too many requests for /gateway.Gateway"));
        assertThat(faultOfSubmit(peer).code()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
        assertThat(peer.asked).isEmpty();
    }

    @Test
    void own_clock_that_is_off_is_told_as_such() {
        peer.evaluate = Status.UNAVAILABLE.withDescription(
                "request unauthorized due to incorrect timestamp 2026-11-22, peer time 2026-11-21");
        try (var client = client(peer)) {
            var fault =
                    catchThrowableOfType(SelvageException.class, () -> client.evaluate("qscc", "GetChainInfo", "x"));
            assertThat(fault.code()).isEqualTo(ErrorCode.CLOCK_SKEW);
        }
    }
}
