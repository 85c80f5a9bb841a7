package dev.selvage.network.internal.commit;

import com.google.protobuf.ByteString;
import dev.selvage.network.internal.store.BlockHashes;
import dev.selvage.network.internal.store.CommittedTransaction;
import java.util.List;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockData;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.common.BlockMetadata;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.LastConfig;
import org.hyperledger.fabric.protos.common.Metadata;
import org.hyperledger.fabric.protos.common.OrdererBlockMetadata;

/** Puts envelopes and their verdicts into a block that follows another. */
final class BlockAssembly {
    private static final ByteString LAST_CONFIG =
            LastConfig.newBuilder().setIndex(0).build().toByteString();
    private static final ByteString ORDERER_METADATA = Metadata.newBuilder()
            .setValue(OrdererBlockMetadata.newBuilder()
                    .setLastConfig(LastConfig.newBuilder().setIndex(0))
                    .build()
                    .toByteString())
            .build()
            .toByteString();

    private BlockAssembly() {}

    static Block after(Block last, List<ByteString> envelopes, List<CommittedTransaction> verdicts) {
        return Block.newBuilder()
                .setHeader(BlockHeader.newBuilder()
                        .setNumber(last.getHeader().getNumber() + 1)
                        .setPreviousHash(ByteString.copyFrom(BlockHashes.header(last.getHeader())))
                        .setDataHash(ByteString.copyFrom(BlockHashes.data(envelopes))))
                .setData(BlockData.newBuilder().addAllData(envelopes))
                .setMetadata(metadata(verdicts))
                .build();
    }

    private static BlockMetadata metadata(List<CommittedTransaction> verdicts) {
        byte[] filter = new byte[verdicts.size()];
        for (int i = 0; i < filter.length; i++) {
            filter[i] = (byte) verdicts.get(i).code().getNumber();
        }
        BlockMetadata.Builder metadata = BlockMetadata.newBuilder();
        for (int index = 0; index <= BlockMetadataIndex.COMMIT_HASH_VALUE; index++) {
            metadata.addMetadata(
                    switch (index) {
                        case BlockMetadataIndex.SIGNATURES_VALUE -> ORDERER_METADATA;
                        case 1 ->
                            Metadata.newBuilder().setValue(LAST_CONFIG).build().toByteString();
                        case BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE -> ByteString.copyFrom(filter);
                        default -> ByteString.EMPTY;
                    });
        }
        return metadata.build();
    }
}
