package dev.selvage.network.internal.commit;

import com.google.protobuf.ByteString;
import dev.selvage.network.org.Member;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/**
 * An envelope after all checks that need neither state nor order.
 *
 * @param envelope the client's bytes, as they go into the block
 * @param txId empty where the envelope names none
 * @param verdict VALID where nothing is wrong so far
 * @param creator whose signature over the envelope is good
 * @param chaincode the one that was invoked
 * @param endorsers whose signatures over the response are good
 * @param sets the read and write set by namespace
 */
public record CheckedTransaction(
        ByteString envelope,
        String txId,
        TxValidationCode verdict,
        Optional<Member> creator,
        String chaincode,
        List<Member> endorsers,
        Map<String, KVRWSet> sets) {

    static CheckedTransaction invalid(
            ByteString envelope, String txId, TxValidationCode verdict, Optional<Member> creator) {
        return new CheckedTransaction(envelope, txId, verdict, creator, "", List.of(), Map.of());
    }
}
