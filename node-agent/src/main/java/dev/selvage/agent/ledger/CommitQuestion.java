package dev.selvage.agent.ledger;

import com.google.protobuf.ByteString;
import org.hyperledger.fabric.client.Commit;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.protos.gateway.CommitStatusRequest;
import org.hyperledger.fabric.protos.gateway.SignedCommitStatusRequest;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;

/** The question what became of a transaction, also of one whose submit failed: the library offers it only after one that went well. */
public final class CommitQuestion {
    private CommitQuestion() {}

    /** The question, not sent yet; it is signed when it is. */
    public static Commit of(Gateway gateway, String channel, String txid) {
        var identity = gateway.getIdentity();
        var request = CommitStatusRequest.newBuilder()
                .setChannelId(channel)
                .setTransactionId(txid)
                .setIdentity(SerializedIdentity.newBuilder()
                        .setMspid(identity.getMspId())
                        .setIdBytes(ByteString.copyFrom(identity.getCredentials()))
                        .build()
                        .toByteString());
        return gateway.newCommit(SignedCommitStatusRequest.newBuilder()
                .setRequest(request.build().toByteString())
                .build()
                .toByteArray());
    }
}
