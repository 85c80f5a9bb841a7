package dev.selvage.agent.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.gateway.PreparedTransaction;
import org.hyperledger.fabric.protos.ledger.rwset.CollectionHashedReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.HashedRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVMetadataWrite;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRead;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWriteHash;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEndorsedAction;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TransactionAction;
import org.junit.jupiter.api.Test;

class WriteSetTest {
    private static final String OWN = "off-chain-compute";
    private static final KVWrite WRITE =
            KVWrite.newBuilder().setKey("task/1").setValue(bytes("fact")).build();

    @Test
    void reads_elsewhere_and_own_writes_are_nothing_foreign() throws Exception {
        var set = WriteSet.ofPrepared(
                OWN,
                prepared(
                        namespace(OWN, KVRWSet.newBuilder().addWrites(WRITE)),
                        namespace(
                                "reference",
                                KVRWSet.newBuilder()
                                        .addReads(KVRead.newBuilder().setKey("carriers")))));
        assertThat(set.outside()).isEmpty();
        assertThat(set.value("task/1")).contains("fact".getBytes(StandardCharsets.UTF_8));
        assertThat(set.value("task/2")).isEmpty();
    }

    @Test
    void names_every_other_namespace_that_is_written_in_any_way() throws Exception {
        var secret = namespace("secret", KVRWSet.newBuilder()).toBuilder()
                .addCollectionHashedRwset(CollectionHashedReadWriteSet.newBuilder()
                        .setHashedRwset(HashedRWSet.newBuilder()
                                .addHashedWrites(KVWriteHash.newBuilder().setKeyHash(bytes("k")))
                                .build()
                                .toByteString()))
                .build();
        var set = WriteSet.ofPrepared(
                OWN,
                prepared(
                        namespace(OWN, KVRWSet.newBuilder().addWrites(WRITE)),
                        namespace("reference", KVRWSet.newBuilder().addWrites(WRITE)),
                        namespace(
                                "policies",
                                KVRWSet.newBuilder()
                                        .addMetadataWrites(
                                                KVMetadataWrite.newBuilder().setKey("k"))),
                        secret));
        assertThat(set.outside()).containsExactly("policies", "reference", "secret");
    }

    private static NsReadWriteSet namespace(String name, KVRWSet.Builder set) {
        return NsReadWriteSet.newBuilder()
                .setNamespace(name)
                .setRwset(set.build().toByteString())
                .build();
    }

    private static byte[] prepared(NsReadWriteSet... namespaces) {
        var results = TxReadWriteSet.newBuilder();
        for (NsReadWriteSet namespace : namespaces) {
            results.addNsRwset(namespace);
        }
        var answer = ProposalResponsePayload.newBuilder()
                .setExtension(ChaincodeAction.newBuilder()
                        .setResults(results.build().toByteString())
                        .build()
                        .toByteString());
        var action = ChaincodeActionPayload.newBuilder()
                .setAction(ChaincodeEndorsedAction.newBuilder()
                        .setProposalResponsePayload(answer.build().toByteString()));
        var transaction = Transaction.newBuilder()
                .addActions(
                        TransactionAction.newBuilder().setPayload(action.build().toByteString()));
        return PreparedTransaction.newBuilder()
                .setEnvelope(Envelope.newBuilder()
                        .setPayload(Payload.newBuilder()
                                .setData(transaction.build().toByteString())
                                .build()
                                .toByteString()))
                .build()
                .toByteArray();
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
