package dev.selvage.cli.internal.bench;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.formats.config.ProfileFile;
import java.nio.file.Path;
import java.util.Map;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/** Transactions that were ordered and found invalid, for tests from outside. */
public final class InvalidTransactions {
    private InvalidTransactions() {}

    /** By txid, in the blocks from that height on. */
    public static Map<String, TxValidationCode> since(Path profile, long height) {
        try (var contract = ContractClient.open(ProfileFile.read(profile, System.getenv()))) {
            return BlockCount.read(contract, height, BlockCount.height(contract))
                    .invalid();
        }
    }
}
