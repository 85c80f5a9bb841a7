package dev.selvage.network;

import static dev.selvage.network.contract.LedgerUnderTest.Deployment.ASSETS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.contract.TestClient;
import dev.selvage.network.internal.chaincode.FakeChaincode;
import dev.selvage.network.org.ChaincodeDefinition;
import dev.selvage.network.org.IdentityFiles.TlsFiles;
import dev.selvage.network.org.OrganisationsPlan;
import dev.selvage.network.org.SignaturePolicy;
import dev.selvage.network.org.SignedDefinition;
import io.grpc.Status.Code;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.hyperledger.fabric.client.CommitStatusException;
import org.hyperledger.fabric.client.EndorseException;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.Proposal;
import org.hyperledger.fabric.client.Status;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.protos.gateway.ProposedTransaction;
import org.hyperledger.fabric.protos.peer.EndorserGrpc;
import org.hyperledger.fabric.protos.peer.ProposalResponse;
import org.hyperledger.fabric.protos.peer.SignedProposal;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedLedgerTest {
    @TempDir
    private Path folder;

    @Test
    void an_acknowledged_transaction_that_was_lost_is_committed_when_sent_again() throws Exception {
        try (InProcessLedger ledger = new InProcessLedger(folder);
                FakeChaincode chaincode = InProcessLedger.keyValues("assets")) {
            ledger.deploy("assets", chaincode);
            try (TestClient client = TestClient.connect(ledger, "EwrMSP", "User1")) {
                Transaction transaction =
                        client.proposal(ASSETS, "put", "a", "1").endorse();
                ledger.ledger().faults().dropNext(1);
                SubmittedTransaction lost = transaction.submitAsync();
                assertThatThrownBy(() -> lost.getStatus(o -> o.withDeadlineAfter(300, TimeUnit.MILLISECONDS)))
                        .isInstanceOfSatisfying(
                                CommitStatusException.class,
                                e -> assertThat(e.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED));
                assertThat(transaction.submitAsync().getStatus().getCode()).isEqualTo(TxValidationCode.VALID);
            }
        }
    }

    @Test
    void the_same_bytes_twice_are_committed_once_and_keep_their_first_code() throws Exception {
        try (InProcessLedger ledger = new InProcessLedger(folder);
                FakeChaincode chaincode = InProcessLedger.keyValues("assets")) {
            ledger.deploy("assets", chaincode);
            try (TestClient client = TestClient.connect(ledger, "EwrMSP", "User1")) {
                Transaction transaction =
                        client.proposal(ASSETS, "put", "a", "1").endorse();
                Status first = transaction.submitAsync().getStatus();
                long before = ledger.ledger().height();
                SubmittedTransaction again = transaction.submitAsync();
                Awaitility.await()
                        .atMost(Duration.ofSeconds(10))
                        .until(() -> ledger.ledger().height() > before);
                assertThat(again.getStatus().getCode()).isEqualTo(TxValidationCode.VALID);
                assertThat(again.getStatus().getBlockNumber()).isEqualTo(first.getBlockNumber());
            }
        }
    }

    @Test
    void waiting_calls_count_against_the_gateways_limit_and_a_client_that_leaves_frees_its_place() throws Exception {
        EmbeddedLedgerConfig config =
                EmbeddedLedgerConfig.of(folder).onFreePorts().withLimits(Duration.ofSeconds(10), 2);
        try (InProcessLedger ledger = new InProcessLedger(config);
                FakeChaincode chaincode = InProcessLedger.keyValues("assets")) {
            ledger.deploy("assets", chaincode);
            try (TestClient client = TestClient.connect(ledger, "EwrMSP", "User1");
                    TestClient leaving = TestClient.connect(ledger, "EwrMSP", "User1")) {
                ledger.ledger().faults().pause();
                SubmittedTransaction stays = client.send(ASSETS, "put", "a", "1");
                SubmittedTransaction leaves = leaving.send(ASSETS, "put", "b", "1");
                CompletableFuture<Status> waiting = CompletableFuture.supplyAsync(() -> status(stays));
                CompletableFuture<Void> gone = CompletableFuture.runAsync(
                        () -> assertThatThrownBy(() -> status(leaves)).isNotNull());
                Awaitility.await()
                        .atMost(Duration.ofSeconds(10))
                        .untilAsserted(() -> assertThatThrownBy(() -> client.evaluate("get", "a"))
                                .isInstanceOfSatisfying(GatewayException.class, e -> {
                                    assertThat(e.getStatus().getCode()).isEqualTo(Code.UNKNOWN);
                                    assertThat(e.getStatus().getDescription())
                                            .isEqualTo(
                                                    "too many requests for /gateway.Gateway, exceeding concurrency limit"
                                                            + " (2)");
                                }));
                leaving.channel().shutdownNow();
                gone.get(10, TimeUnit.SECONDS);
                Awaitility.await()
                        .atMost(Duration.ofSeconds(10))
                        .ignoreExceptions()
                        .until(() -> client.evaluate("get", "a").isEmpty());
                ledger.ledger().faults().resume();
                assertThat(waiting.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(TxValidationCode.VALID);
            }
        }
    }

    private static Status status(SubmittedTransaction sent) {
        try {
            return sent.getStatus();
        } catch (CommitStatusException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void all_peers_asked_at_once_sign_the_same_response() throws Exception {
        try (InProcessLedger ledger = new InProcessLedger(folder);
                FakeChaincode chaincode = InProcessLedger.keyValues("assets")) {
            ledger.deploy("assets", chaincode);
            List<TestClient> clients = new ArrayList<>();
            for (String msp : List.of("EwrMSP", "JfkMSP", "LgaMSP")) {
                clients.add(TestClient.connect(
                        ledger, msp, ledger.organisations().get("EwrMSP").signer("User1")));
            }
            Proposal proposal = clients.get(0).proposal(ASSETS, "create", "a", "1");
            // evaluating signs it
            proposal.evaluate();
            SignedProposal signed =
                    ProposedTransaction.parseFrom(proposal.getBytes()).getProposal();
            List<CompletableFuture<ProposalResponse>> answers = new ArrayList<>();
            clients.forEach(client -> answers.add(CompletableFuture.supplyAsync(
                    () -> EndorserGrpc.newBlockingStub(client.channel()).processProposal(signed))));
            List<ProposalResponse> responses = new ArrayList<>();
            for (CompletableFuture<ProposalResponse> answer : answers) {
                responses.add(answer.get(10, TimeUnit.SECONDS));
            }
            assertThat(responses).extracting(r -> r.getResponse().getStatus()).containsOnly(200);
            assertThat(responses)
                    .extracting(ProposalResponse::getPayload)
                    .containsOnly(responses.get(0).getPayload());
            assertThat(responses)
                    .extracting(r -> r.getEndorsement().getEndorser())
                    .doesNotHaveDuplicates();
            clients.forEach(TestClient::close);
        }
    }

    @Test
    void a_chaincode_that_is_not_there_is_named_in_the_error() throws Exception {
        try (InProcessLedger ledger = new InProcessLedger(folder)) {
            FakeChaincode chaincode = InProcessLedger.keyValues("assets");
            ledger.deploy("assets", chaincode);
            chaincode.close();
            try (TestClient client = TestClient.connect(ledger, "EwrMSP", "User1")) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(10))
                        .untilAsserted(() -> assertThatThrownBy(() ->
                                        client.proposal(ASSETS, "get", "a").endorse())
                                .isInstanceOfSatisfying(EndorseException.class, e -> {
                                    assertThat(e.getStatus().getCode()).isEqualTo(Code.ABORTED);
                                    assertThat(e.getDetails().get(0).getMessage())
                                            .contains("could not launch chaincode assets: connection to "
                                                    + chaincode.address() + " failed");
                                }));
            }
        }
    }

    @Test
    void a_chaincode_is_reached_over_mutual_tls_and_one_without_its_files_is_not_kept() throws Exception {
        try (InProcessLedger ledger = new InProcessLedger(folder)) {
            TlsFiles server =
                    ledger.organisations().get("EwrMSP").identity("peer0").tls();
            TlsFiles client =
                    ledger.organisations().get("EwrMSP").identity("node1").tls();
            SslContext tls = GrpcSslContexts.forServer(
                            server.certificate().toFile(), server.key().toFile())
                    .trustManager(server.roots().toFile())
                    .clientAuth(ClientAuth.REQUIRE)
                    .build();
            try (FakeChaincode chaincode = new FakeChaincode("assets", tls, call -> FakeChaincode.success("safe"))) {
                assertRefused(
                        ErrorCode.FILE_UNREADABLE,
                        () -> ledger.ledger()
                                .addChaincode(withTls(ledger, chaincode, folder.resolve("absent"), client)));
                assertThat(ledger.ledger().status().chaincodes()).isEmpty();
                ledger.ledger().addChaincode(withTls(ledger, chaincode, client.certificate(), client));
                ledger.awaitConnected("assets");
                try (TestClient user = TestClient.connect(ledger, "EwrMSP", "User1")) {
                    assertThat(user.evaluate("get", "a")).isEqualTo("safe");
                }
            }
        }
    }

    private static SignedDefinition withTls(
            InProcessLedger ledger, FakeChaincode chaincode, Path certificate, TlsFiles client) {
        ChaincodeDefinition.Tls tls = new ChaincodeDefinition.Tls(
                client.roots().toString(), certificate.toString(), client.key().toString());
        return SignedDefinition.sign(
                new ChaincodeDefinition(
                        "assets",
                        "1.0",
                        1,
                        chaincode.address(),
                        ledger.organisations().channel().majority(),
                        Optional.of(tls)),
                ledger.organisations().get("EwrMSP").signer("Admin"));
    }

    @Test
    void definitions_need_an_admin_and_the_next_sequence_and_survive_a_restart() {
        try (InProcessLedger ledger = new InProcessLedger(folder);
                FakeChaincode first = InProcessLedger.keyValues("assets");
                FakeChaincode second = InProcessLedger.keyValues("assets")) {
            ledger.deploy("assets", first);
            String policy = "OR('EwrMSP.peer','JfkMSP.peer','LgaMSP.peer')";
            ledger.ledger().addChaincode(ledger.sign("assets", 1, first.address(), policy));
            assertRefused(
                    ErrorCode.DUPLICATE,
                    () -> ledger.ledger().addChaincode(ledger.sign("assets", 1, second.address(), policy)));
            assertRefused(
                    ErrorCode.DUPLICATE,
                    () -> ledger.ledger().addChaincode(ledger.sign("assets", 3, second.address(), policy)));
            assertRefused(
                    ErrorCode.POLICY_INVALID,
                    () -> ledger.ledger()
                            .addChaincode(ledger.sign("assets", 2, second.address(), "OR('Nobody.peer')")));
            SignedDefinition byUser = SignedDefinition.sign(
                    new ChaincodeDefinition(
                            "assets", "2.0", 2, second.address(), SignaturePolicy.parse(policy), Optional.empty()),
                    ledger.organisations().get("EwrMSP").signer("User1"));
            assertRefused(ErrorCode.NOT_PERMITTED, () -> ledger.ledger().addChaincode(byUser));

            ledger.ledger().addChaincode(ledger.sign("assets", 2, second.address(), policy));
            ledger.restart();
            ledger.awaitConnected("assets");
            LedgerStatus.Chaincode held = ledger.ledger().status().chaincodes().get(0);
            assertThat(held.sequence()).isEqualTo(2);
            assertThat(held.address()).isEqualTo(second.address().toString());
        }
    }

    @Test
    void the_admin_client_adds_once_and_changes_with_the_next_sequence() {
        try (InProcessLedger ledger = new InProcessLedger(folder);
                FakeChaincode chaincode = InProcessLedger.keyValues("assets");
                LedgerAdmin admin = LedgerAdmin.connect(
                        ledger.gateway("JfkMSP"),
                        ledger.organisations()
                                .get("JfkMSP")
                                .identity("peer0")
                                .tls()
                                .roots())) {
            var signer = ledger.organisations().get("JfkMSP").signer("Admin");
            SignaturePolicy policy = ledger.organisations().channel().majority();
            for (int i = 0; i < 2; i++) {
                assertThat(admin.addChaincode("assets", "1.0", chaincode.address(), policy, signer)
                                .sequence())
                        .isEqualTo(1);
            }
            assertThat(admin.addChaincode("assets", "1.1", chaincode.address(), policy, signer)
                            .sequence())
                    .isEqualTo(2);
            assertThat(admin.status().channel()).isEqualTo("selvage");
            assertThat(admin.status().height()).isEqualTo(1);
            assertThat(admin.status().chaincodes())
                    .extracting(LedgerStatus.Chaincode::policy)
                    .containsExactly(policy.toString());
            var user = ledger.organisations().get("JfkMSP").signer("User1");
            assertRefused(
                    ErrorCode.NOT_PERMITTED,
                    () -> admin.addChaincode("assets", "1.2", chaincode.address(), policy, user));
        }
    }

    @Test
    void a_ledger_that_is_not_there_is_unreachable() {
        InProcessLedger ledger = new InProcessLedger(folder);
        ledger.close();
        try (LedgerAdmin admin = LedgerAdmin.connect(
                ledger.gateway("JfkMSP"),
                ledger.organisations().get("JfkMSP").identity("peer0").tls().roots())) {
            assertRefused(ErrorCode.LEDGER_UNREACHABLE, admin::status);
        }
    }

    @Test
    void a_folder_or_port_in_use_and_other_organisations_are_refused() throws Exception {
        EmbeddedLedgerConfig config = EmbeddedLedgerConfig.of(folder).onFreePorts();
        try (InProcessLedger ledger = new InProcessLedger(config)) {
            assertRefused(ErrorCode.DATA_DIRECTORY_LOCKED, () -> EmbeddedLedger.open(config));
            EmbeddedLedgerConfig samePort = EmbeddedLedgerConfig.of(folder.resolve("other"))
                    .withPorts(List.of(ledger.gateway("EwrMSP").port(), 0, 0), 0);
            assertRefused(ErrorCode.PORT_TAKEN, () -> EmbeddedLedger.open(samePort));
        }
        EmbeddedLedgerConfig otherKeys =
                EmbeddedLedgerConfig.of(folder.resolve("other")).onFreePorts();
        EmbeddedLedger.open(otherKeys).close();
        Files.move(folder.resolve("ledger"), folder.resolve("other/moved"));
        Files.move(folder.resolve("other/ledger"), folder.resolve("ledger"));
        assertRefused(ErrorCode.LEDGER_MISMATCH, () -> EmbeddedLedger.open(config));
    }

    @Test
    void a_configuration_that_cannot_work_is_refused() {
        EmbeddedLedgerConfig config = EmbeddedLedgerConfig.of(folder, OrganisationsPlan.of(4));
        assertThat(config.peerPorts()).containsExactly(7051, 8051, 9051, 10051);
        assertRefused(ErrorCode.CONFIG_INVALID, () -> config.withPorts(List.of(1, 2, 3), 0));
        assertRefused(ErrorCode.CONFIG_INVALID, () -> config.withPorts(List.of(1, 2, 3, 70_000), 0));
        assertRefused(ErrorCode.CONFIG_INVALID, () -> config.withChannel("Not A Channel"));
        assertRefused(ErrorCode.CONFIG_INVALID, () -> config.withBatches(Duration.ofMillis(-1), 1));
        assertRefused(ErrorCode.CONFIG_INVALID, () -> config.withLimits(Duration.ZERO, 1));
    }

    private static void assertRefused(ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SelvageException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
