package dev.selvage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.hyperledger.fabric.protos.peer.ChaincodeAdditionalParams;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.hyperledger.fabric.protos.peer.GetStateMultiple;
import org.hyperledger.fabric.protos.peer.GetStateMultipleResult;
import org.hyperledger.fabric.protos.peer.PutState;
import org.hyperledger.fabric.protos.peer.Response;
import org.hyperledger.fabric.protos.peer.WriteBatchState;
import org.hyperledger.fabric.protos.peer.WriteRecord;
import org.junit.jupiter.api.Test;

/** What goes over the wire, with a peer and a shim that only keep what they get. */
class PeerStreamTest {
    private final Kept peer = new Kept();
    private final Kept shim = new Kept();
    private final PeerStream stream = new PeerStream(peer);
    private final StreamObserver<ChaincodeMessage> fromShim = stream.outgoing();
    private final StreamObserver<ChaincodeMessage> fromPeer = stream.incoming(shim);

    private static final class Kept implements StreamObserver<ChaincodeMessage> {
        private final List<ChaincodeMessage> messages = new ArrayList<>();
        private Runnable next = () -> {};

        @Override
        public void onNext(ChaincodeMessage message) {
            messages.add(message);
            next.run();
        }

        @Override
        public void onError(Throwable fault) {
            throw new AssertionError(fault);
        }

        @Override
        public void onCompleted() {}

        List<ChaincodeMessage.Type> types() {
            return messages.stream().map(ChaincodeMessage::getType).collect(Collectors.toList());
        }
    }

    private static ChaincodeMessage message(ChaincodeMessage.Type type, ByteString payload) {
        return ChaincodeMessage.newBuilder()
                .setType(type)
                .setChannelId("selvage")
                .setTxid("tx")
                .setPayload(payload)
                .build();
    }

    private static ChaincodeMessage put(String key) {
        return message(
                ChaincodeMessage.Type.PUT_STATE,
                PutState.newBuilder()
                        .setKey(key)
                        .setValue(ByteString.copyFromUtf8("v"))
                        .build()
                        .toByteString());
    }

    private void ready(int most) {
        var params = ChaincodeAdditionalParams.newBuilder()
                .setUseWriteBatch(true)
                .setMaxSizeWriteBatch(most)
                .setUseGetMultipleKeys(true)
                .setMaxSizeGetMultipleKeys(most);
        fromPeer.onNext(message(ChaincodeMessage.Type.READY, params.build().toByteString()));
    }

    @Test
    void writes_go_together_before_the_invocation_completes() throws Exception {
        ready(2);
        for (String key : List.of("a", "b", "c")) {
            fromShim.onNext(put(key));
        }
        assertThat(peer.messages).isEmpty();
        assertThat(shim.types())
                .containsExactly(
                        ChaincodeMessage.Type.READY,
                        ChaincodeMessage.Type.RESPONSE,
                        ChaincodeMessage.Type.RESPONSE,
                        ChaincodeMessage.Type.RESPONSE);

        fromShim.onNext(message(ChaincodeMessage.Type.COMPLETED, ByteString.EMPTY));
        fromPeer.onNext(message(ChaincodeMessage.Type.RESPONSE, ByteString.EMPTY));
        fromPeer.onNext(message(ChaincodeMessage.Type.RESPONSE, ByteString.EMPTY));
        assertThat(peer.types())
                .containsExactly(
                        ChaincodeMessage.Type.WRITE_BATCH_STATE,
                        ChaincodeMessage.Type.WRITE_BATCH_STATE,
                        ChaincodeMessage.Type.COMPLETED);
        assertThat(WriteBatchState.parseFrom(peer.messages.get(0).getPayload()).getRecList())
                .extracting(WriteRecord::getKey)
                .containsExactly("a", "b");
        assertThat(shim.messages).hasSize(4);
    }

    @Test
    void a_peer_that_says_nothing_of_batches_gets_each_write_at_once() {
        fromPeer.onNext(message(ChaincodeMessage.Type.READY, ByteString.EMPTY));
        fromShim.onNext(put("a"));
        fromPeer.onNext(message(ChaincodeMessage.Type.RESPONSE, ByteString.EMPTY));
        fromShim.onNext(message(ChaincodeMessage.Type.COMPLETED, ByteString.EMPTY));
        assertThat(peer.types()).containsExactly(ChaincodeMessage.Type.PUT_STATE, ChaincodeMessage.Type.COMPLETED);
        assertThat(shim.types()).containsExactly(ChaincodeMessage.Type.READY, ChaincodeMessage.Type.RESPONSE);
        assertThat(stream.readsTogether()).isFalse();
    }

    @Test
    void a_refused_batch_fails_the_invocation() throws Exception {
        ready(10);
        fromShim.onNext(put("a"));
        fromShim.onNext(message(ChaincodeMessage.Type.COMPLETED, ByteString.EMPTY));
        fromPeer.onNext(message(ChaincodeMessage.Type.ERROR, ByteString.copyFromUtf8("no")));
        assertThat(peer.types())
                .containsExactly(ChaincodeMessage.Type.WRITE_BATCH_STATE, ChaincodeMessage.Type.COMPLETED);
        var response = Response.parseFrom(peer.messages.get(1).getPayload());
        assertThat(response.getStatus()).isEqualTo(500);
        assertThat(response.getMessage()).contains("no");
    }

    @Test
    void an_invocation_that_fails_writes_nothing() {
        ready(10);
        fromShim.onNext(put("a"));
        fromShim.onNext(message(ChaincodeMessage.Type.ERROR, ByteString.EMPTY));
        fromShim.onNext(message(ChaincodeMessage.Type.COMPLETED, ByteString.EMPTY));
        assertThat(peer.types()).containsExactly(ChaincodeMessage.Type.ERROR, ChaincodeMessage.Type.COMPLETED);
    }

    @Test
    void several_keys_are_read_at_once() throws Exception {
        ready(10);
        peer.next = () -> fromPeer.onNext(message(
                ChaincodeMessage.Type.RESPONSE,
                GetStateMultipleResult.newBuilder()
                        .addValues(ByteString.copyFromUtf8("1"))
                        .addValues(ByteString.EMPTY)
                        .build()
                        .toByteString()));
        var values = stream.read("selvage", "tx", List.of("a", "b"));
        assertThat(values).hasSize(2);
        assertThat(values.get(0)).asString().isEqualTo("1");
        assertThat(values.get(1)).isEmpty();
        assertThat(GetStateMultiple.parseFrom(peer.messages.get(0).getPayload()).getKeysList())
                .containsExactly("a", "b");
        assertThat(shim.types()).containsExactly(ChaincodeMessage.Type.READY);
    }
}
