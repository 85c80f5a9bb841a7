package dev.selvage.network.internal.chaincode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import dev.selvage.network.internal.simulation.Simulation;
import dev.selvage.network.internal.store.LedgerStore;
import dev.selvage.network.internal.store.SampleBlocks;
import dev.selvage.network.org.ChaincodeDefinition;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.SignaturePolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;
import org.hyperledger.fabric.protos.peer.ChaincodeAdditionalParams;
import org.hyperledger.fabric.protos.peer.ChaincodeInput;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.hyperledger.fabric.protos.peer.GetStateMultiple;
import org.hyperledger.fabric.protos.peer.GetStateMultipleResult;
import org.hyperledger.fabric.protos.peer.Response;
import org.hyperledger.fabric.protos.peer.SignedProposal;
import org.hyperledger.fabric.protos.peer.WriteBatchState;
import org.hyperledger.fabric.protos.peer.WriteRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChaincodeHostTest {
    @TempDir
    private Path folder;

    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger transactions = new AtomicInteger();
    private ChaincodeHost host = new ChaincodeHost(Duration.ofSeconds(10), timers);
    private LedgerStore store;

    @BeforeEach
    void open() throws IOException {
        store = LedgerStore.open(folder, SampleBlocks::genesis);
    }

    @AfterEach
    void close() throws IOException {
        host.close();
        timers.shutdownNow();
        store.close();
    }

    @Test
    void a_chaincode_that_is_started_later_is_found() throws Exception {
        int port;
        try (FakeChaincode first = new FakeChaincode("cc", call -> FakeChaincode.success("1"))) {
            port = first.address().port();
        }
        connect("cc", new HostPort("127.0.0.1", port));
        assertThatThrownBy(() -> run("cc"))
                .hasRootCauseInstanceOf(ExecutionFailed.class)
                .hasMessageContaining("could not launch chaincode cc: connection to 127.0.0.1:" + port + " failed");
        try (FakeChaincode second = new FakeChaincode("cc", port, call -> FakeChaincode.success("2"))) {
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> host.connected("cc"));
            assertThat(second.address().port()).isEqualTo(port);
            assertThat(payload(run("cc"))).isEqualTo("2");
        }
    }

    @Test
    void a_chaincode_that_ends_fails_what_runs_there_and_is_reached_again() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        AtomicInteger attempts = new AtomicInteger();
        try (FakeChaincode chaincode = new FakeChaincode("cc", call -> {
            if (attempts.incrementAndGet() == 1) {
                running.countDown();
                new CountDownLatch(1).await();
            }
            return FakeChaincode.success("again");
        })) {
            connect("cc", chaincode.address());
            CompletableFuture<ChaincodeMessage> lost = start("cc");
            assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
            chaincode.disconnect();
            assertThatThrownBy(() -> lost.get(10, TimeUnit.SECONDS))
                    .hasMessageContaining("chaincode stream terminated");
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> host.connected("cc"));
            assertThat(payload(run("cc"))).isEqualTo("again");
        }
    }

    @Test
    void writes_come_and_reads_go_together() throws Exception {
        SampleBlocks.append(store, "before", Map.of("a", "1", "b", "2"));
        try (FakeChaincode chaincode = new FakeChaincode("cc", call -> {
            var answer = call.ask(
                    ChaincodeMessage.Type.WRITE_BATCH_STATE,
                    WriteBatchState.newBuilder()
                            .addRec(record(WriteRecord.Type.PUT_STATE, "c").setValue(ByteString.copyFromUtf8("3")))
                            .addRec(record(WriteRecord.Type.DEL_STATE, "a"))
                            .build()
                            .toByteString());
            assertThat(answer.getType()).isEqualTo(ChaincodeMessage.Type.RESPONSE);
            var purge = call.ask(
                    ChaincodeMessage.Type.WRITE_BATCH_STATE,
                    WriteBatchState.newBuilder()
                            .addRec(record(WriteRecord.Type.PUT_STATE, "d").setCollection("private"))
                            .build()
                            .toByteString());
            assertThat(purge.getType()).isEqualTo(ChaincodeMessage.Type.ERROR);
            var found = GetStateMultipleResult.parseFrom(call.ask(
                            ChaincodeMessage.Type.GET_STATE_MULTIPLE,
                            GetStateMultiple.newBuilder()
                                    .addAllKeys(List.of("b", "nothing", "a", "c"))
                                    .build()
                                    .toByteString())
                    .getPayload());
            return FakeChaincode.success(
                    found.getValuesList().stream().map(ByteString::toStringUtf8).collect(Collectors.joining(",")));
        })) {
            connect("cc", chaincode.address());
            var params = ChaincodeAdditionalParams.parseFrom(chaincode.ready().get(10, TimeUnit.SECONDS));
            assertThat(params.getUseWriteBatch()).isTrue();
            assertThat(params.getMaxSizeWriteBatch()).isPositive();
            assertThat(params.getUseGetMultipleKeys()).isTrue();
            assertThat(params.getMaxSizeGetMultipleKeys()).isPositive();
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> host.connected("cc"));
            Simulation simulation = new Simulation("tx", store);
            var answer = host.run(invocation("tx", SampleBlocks.CHAINCODE, simulation))
                    .get(10, TimeUnit.SECONDS);
            // a transaction does not see its own writes
            assertThat(payload(answer)).isEqualTo("2,,1,");
            var writes = KVRWSet.parseFrom(TxReadWriteSet.parseFrom(simulation.results())
                            .getNsRwset(0)
                            .getRwset())
                    .getWritesList();
            assertThat(writes)
                    .extracting(
                            KVWrite::getKey,
                            KVWrite::getIsDelete,
                            write -> write.getValue().toStringUtf8())
                    .containsExactly(tuple("a", true, ""), tuple("c", false, "3"));
        }
    }

    private static WriteRecord.Builder record(WriteRecord.Type type, String key) {
        return WriteRecord.newBuilder().setType(type).setKey(key);
    }

    @Test
    void a_late_request_after_a_timeout_is_answered_with_an_error() throws Exception {
        host.close();
        host = new ChaincodeHost(Duration.ofMillis(200), timers);
        CountDownLatch timedOut = new CountDownLatch(1);
        CompletableFuture<ChaincodeMessage> lateGet = new CompletableFuture<>();
        CompletableFuture<ChaincodeMessage> latePut = new CompletableFuture<>();
        try (FakeChaincode chaincode = new FakeChaincode("cc", call -> {
            timedOut.await();
            lateGet.complete(call.ask(ChaincodeMessage.Type.GET_STATE, ByteString.EMPTY));
            latePut.complete(call.ask(ChaincodeMessage.Type.PUT_STATE, ByteString.EMPTY));
            return FakeChaincode.success("");
        })) {
            connect("cc", chaincode.address());
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> host.connected("cc"));
            assertThatThrownBy(() -> run("cc")).hasMessageContaining("timeout expired while executing transaction");
            timedOut.countDown();
            assertThat(lateGet.get(10, TimeUnit.SECONDS).getType()).isEqualTo(ChaincodeMessage.Type.ERROR);
            assertThat(latePut.get(10, TimeUnit.SECONDS).getType()).isEqualTo(ChaincodeMessage.Type.ERROR);
        }
    }

    @Test
    void a_called_chaincode_works_in_its_own_namespace_of_the_same_transaction() throws Exception {
        SampleBlocks.append(store, "before", Map.of("a", "1"));
        try (FakeChaincode inner = new FakeChaincode("inner", call -> {
                    call.put("x", "inner:" + call.arguments().get(1) + ":" + call.get("a"));
                    return FakeChaincode.success("done");
                });
                FakeChaincode outer = new FakeChaincode("outer", call -> {
                    ChaincodeMessage answer = ChaincodeMessage.parseFrom(
                            call.invoke("inner:1.0/ch", "f", "arg").getPayload());
                    return Response.parseFrom(answer.getPayload());
                })) {
            connect("inner", inner.address());
            connect("outer", outer.address());
            Simulation simulation = new Simulation("tx", store);
            ChaincodeMessage answer =
                    host.run(invocation("tx", "outer", simulation)).get(10, TimeUnit.SECONDS);
            assertThat(payload(answer)).isEqualTo("done");
            assertThat(simulation.namespaces()).containsExactly("inner");
        }
    }

    @Test
    void calls_that_cannot_be_are_answered_with_an_error() throws Exception {
        try (FakeChaincode chaincode = new FakeChaincode("cc", call -> {
            ChaincodeMessage answer = call.invoke(call.arguments().get(0));
            return FakeChaincode.success(
                    answer.getType() + " " + answer.getPayload().toStringUtf8());
        })) {
            connect("cc", chaincode.address());
            assertThat(payload(run("cc", "cc"))).startsWith("ERROR").contains("exists");
            assertThat(payload(run("cc", "nothing"))).startsWith("ERROR").contains("chaincode nothing not found");
            assertThat(payload(run("cc", "cc/elsewhere")))
                    .startsWith("ERROR")
                    .contains("failed to find ledger for channel: elsewhere");
            assertThat(payload(run("cc", "qscc"))).startsWith("RESPONSE").contains("Rejecting invoke of QSCC");
        }
    }

    @Test
    void many_transactions_run_on_one_stream_at_once() throws Exception {
        CountDownLatch together = new CountDownLatch(50);
        try (FakeChaincode chaincode = new FakeChaincode("cc", call -> {
            together.countDown();
            together.await();
            call.put("k", call.txId());
            return FakeChaincode.success(call.txId());
        })) {
            connect("cc", chaincode.address());
            var all = java.util.stream.IntStream.range(0, 50)
                    .mapToObj(i -> host.run(invocation("tx" + i, "cc", new Simulation("tx" + i, store))))
                    .toList();
            for (int i = 0; i < all.size(); i++) {
                assertThat(payload(all.get(i).get(10, TimeUnit.SECONDS))).isEqualTo("tx" + i);
            }
        }
    }

    private void connect(String name, HostPort address) {
        host.connect(new ChaincodeDefinition(
                name, "1.0", 1, address, SignaturePolicy.parse("OR('EwrMSP.peer')"), Optional.empty()));
    }

    private CompletableFuture<ChaincodeMessage> start(String chaincode, String... arguments) {
        String txId = "tx" + transactions.incrementAndGet();
        return host.run(invocation(txId, chaincode, new Simulation(txId, store), arguments));
    }

    private ChaincodeMessage run(String chaincode, String... arguments) throws Exception {
        try {
            return start(chaincode, arguments).get(15, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new ExecutionException(Failures.message(e), e.getCause());
        }
    }

    private static Invocation invocation(String txId, String chaincode, Simulation simulation, String... arguments) {
        ChaincodeInput.Builder input = ChaincodeInput.newBuilder();
        for (String argument : arguments) {
            input.addArgs(ByteString.copyFromUtf8(argument));
        }
        return new Invocation("ch", txId, chaincode, input.build(), SignedProposal.getDefaultInstance(), simulation);
    }

    private static String payload(ChaincodeMessage message) throws IOException {
        assertThat(message.getType()).isEqualTo(ChaincodeMessage.Type.COMPLETED);
        return Response.parseFrom(message.getPayload()).getPayload().toStringUtf8();
    }
}
