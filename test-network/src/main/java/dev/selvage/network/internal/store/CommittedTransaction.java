package dev.selvage.network.internal.store;

import java.util.List;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/**
 * What a block says of one of its transactions.
 *
 * @param txId empty where the envelope names none
 * @param writes of all namespaces; none unless the code is VALID
 */
public record CommittedTransaction(String txId, TxValidationCode code, List<KeyWrite> writes) {
    public CommittedTransaction {
        writes = code == TxValidationCode.VALID ? List.copyOf(writes) : List.of();
    }
}
