package dev.selvage.network.contract;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.BlockchainInfo;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/** What a client learns of blocks through the system chaincode qscc, and checks by itself. */
final class Blocks {
    private Blocks() {}

    static byte[] query(TestClient client, String function, String... arguments) throws GatewayException {
        String[] all = new String[arguments.length + 1];
        all[0] = LedgerUnderTest.CHANNEL;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return client.network().getContract("qscc").evaluateTransaction(function, all);
    }

    static BlockchainInfo info(TestClient client) throws GatewayException, InvalidProtocolBufferException {
        return BlockchainInfo.parseFrom(query(client, "GetChainInfo"));
    }

    static Block byNumber(TestClient client, long number) throws GatewayException, InvalidProtocolBufferException {
        return Block.parseFrom(query(client, "GetBlockByNumber", Long.toString(number)));
    }

    static Block byTransaction(TestClient client, String txid) throws GatewayException, InvalidProtocolBufferException {
        return Block.parseFrom(query(client, "GetBlockByTxID", txid));
    }

    /** SHA-256 over the DER form of number, previous hash and data hash. */
    static ByteString hash(BlockHeader header) throws IOException {
        DERSequence sequence = new DERSequence(new ASN1Encodable[] {
            new ASN1Integer(BigInteger.valueOf(header.getNumber())),
            new DEROctetString(header.getPreviousHash().toByteArray()),
            new DEROctetString(header.getDataHash().toByteArray())
        });
        return ByteString.copyFrom(sha256().digest(sequence.getEncoded()));
    }

    static ByteString dataHash(Block block) {
        MessageDigest digest = sha256();
        block.getData().getDataList().forEach(envelope -> digest.update(envelope.toByteArray()));
        return ByteString.copyFrom(digest.digest());
    }

    static List<ChannelHeader> headers(Block block) throws InvalidProtocolBufferException {
        List<ChannelHeader> headers = new ArrayList<>();
        for (ByteString envelope : block.getData().getDataList()) {
            Payload payload = Payload.parseFrom(Envelope.parseFrom(envelope).getPayload());
            headers.add(ChannelHeader.parseFrom(payload.getHeader().getChannelHeader()));
        }
        return headers;
    }

    /** The verdict on each transaction of the block, in order. */
    static List<TxValidationCode> codes(Block block) {
        List<TxValidationCode> codes = new ArrayList<>();
        for (byte code : block.getMetadata()
                .getMetadata(BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE)
                .toByteArray()) {
            codes.add(TxValidationCode.forNumber(code & 0xff));
        }
        return codes;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
