package dev.selvage.network.contract;

import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.protos.gateway.CommitStatusRequest;
import org.hyperledger.fabric.protos.gateway.SignedCommitStatusRequest;

/** Requests for the status of transactions that the client library does not know yet. */
final class CommitBytes {
    private CommitBytes() {}

    /** The request of a transaction sent before, for another transaction of the same client; it is signed anew when used. */
    static byte[] of(SubmittedTransaction known, String txid) throws Exception {
        SignedCommitStatusRequest signed = SignedCommitStatusRequest.parseFrom(known.getBytes());
        CommitStatusRequest request = CommitStatusRequest.parseFrom(signed.getRequest()).toBuilder()
                .setTransactionId(txid)
                .build();
        return signed.toBuilder()
                .setRequest(request.toByteString())
                .clearSignature()
                .build()
                .toByteArray();
    }
}
