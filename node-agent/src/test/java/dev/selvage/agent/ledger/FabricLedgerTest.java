package dev.selvage.agent.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.selvage.agent.peer.MemberSigner;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.Organisations;
import dev.selvage.network.org.OrganisationsPlan;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.hyperledger.fabric.protos.common.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An organisation's two peers, of which one does what cannot be brought about at will on a real one. */
class FabricLedgerTest {
    private static final io.grpc.Status NOT_JOINED = io.grpc.Status.UNAVAILABLE.withDescription(
            "failed to get config for channel [selvage]: could not get last config for channel selvage");

    @TempDir
    private static Path folder;

    private static MemberSigner identity;

    private final ScriptedPeer first = new ScriptedPeer();
    private final ScriptedPeer second = new ScriptedPeer();
    private final AtomicLong last = new AtomicLong(-1);
    private FabricLedger ledger;

    @BeforeAll
    static void issue() {
        var files = Organisations.open(folder, OrganisationsPlan.of(1), Clock.systemUTC())
                .get("EwrMSP")
                .identity("node1");
        identity = MemberSigner.read("EwrMSP", files.certificate(), files.key());
    }

    @BeforeEach
    void open() {
        ledger = open(first.port(), second.port());
    }

    private static FabricLedger open(int... ports) {
        var moment = Duration.ofMillis(500);
        return new FabricLedger(
                new FabricLedger.Place(
                        java.util.Arrays.stream(ports)
                                .mapToObj(port -> "127.0.0.1:" + port)
                                .toList(),
                        Optional.empty(),
                        List.of(),
                        "selvage",
                        "off-chain-compute"),
                identity,
                Clock.systemUTC(),
                new Endpoints.Patience(moment, moment, moment, Duration.ofSeconds(61), Duration.ofSeconds(10)));
    }

    @AfterEach
    void close() {
        ledger.close();
        first.close();
        second.close();
    }

    /** Completes with the fault that ends the stream for good. */
    private CompletableFuture<Void> follow() {
        return CompletableFuture.runAsync(() -> ledger.follow(0, block -> last.set(block.number())));
    }

    private static SelvageException fault(Runnable call) {
        return catchThrowableOfType(SelvageException.class, call::run);
    }

    @Test
    void peer_that_has_not_joined_is_left_for_the_one_that_has() {
        first.ending = Status.NOT_FOUND;
        first.refusal = NOT_JOINED;
        var stream = follow();
        Awaitility.await().until(() -> second.followers() == 1);
        second.give(0);
        Awaitility.await().until(() -> last.get() == 0);
        assertThat(stream).isNotDone();
        assertThat(ledger.evaluate("ListNodes", "x")).isEqualTo("well");
    }

    @Test
    void channel_that_no_peer_has_ends_the_stream() {
        first.ending = Status.NOT_FOUND;
        second.ending = Status.NOT_FOUND;
        assertThat(follow())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withMessageContaining(ErrorCode.CHANNEL_UNKNOWN.name());
    }

    /** While one peer is away, nobody knows that the channel is not there. */
    @Test
    void unknown_channel_counts_only_where_every_peer_says_so() {
        first.refusal = NOT_JOINED;
        second.refusal = io.grpc.Status.UNAVAILABLE.withDescription("Network closed for unknown reason");
        assertThat(fault(() -> ledger.evaluate("ListNodes", "x")).code()).isEqualTo(ErrorCode.LEDGER_UNREACHABLE);
        second.refusal = NOT_JOINED;
        assertThat(fault(() -> ledger.evaluate("ListNodes", "x")).code()).isEqualTo(ErrorCode.CHANNEL_UNKNOWN);
    }

    @Test
    void stream_leaves_a_peer_that_hangs_with_the_first_call_that_it_does_not_answer() {
        var stream = follow();
        Awaitility.await().until(() -> first.followers() == 1);
        first.hangs = true;
        assertThat(ledger.evaluate("ListNodes", "x")).isEqualTo("well");
        Awaitility.await().until(() -> second.followers() == 1);
        second.give(0);
        Awaitility.await().until(() -> last.get() == 0);
        assertThat(stream).isNotDone();
    }

    /** gRPC itself has no shorter pings than of ten seconds, and Fabric's peers take none below sixty. */
    @Test
    void pings_are_as_frequent_as_fabrics_peers_allow() {
        var patience = Endpoints.Patience.DEFAULT;
        assertThat(patience.ping()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(65));
        assertThat(patience.pong()).isLessThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void refused_config_block_is_a_fault_and_not_the_first_block() {
        first.refusal = io.grpc.Status.UNKNOWN.withDescription(
                "evaluate call to endorser returned error: access denied for [GetConfigBlock][selvage]");
        assertThat(fault(ledger::configBlock).code()).isEqualTo(ErrorCode.EVENTS_DENIED);
        assertThat(first.evaluated).hasValue(1);
    }

    @Test
    void clock_that_is_off_is_told_by_call_and_stream() {
        first.refusal = io.grpc.Status.UNAVAILABLE.withDescription(
                "request unauthorized due to incorrect timestamp 2026-11-22, peer time 2026-11-21");
        assertThat(fault(() -> ledger.evaluate("ListNodes", "x")).code()).isEqualTo(ErrorCode.CLOCK_SKEW);
        assertThat(GatewayFaults.ofStream(
                                new java.util.NoSuchElementException("Unexpected status response: BAD_REQUEST"))
                        .code())
                .isEqualTo(ErrorCode.CLOCK_SKEW);
    }
}
