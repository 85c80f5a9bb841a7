package dev.selvage.network.internal.endorse;

import com.google.protobuf.ByteString;
import org.hyperledger.fabric.protos.peer.Response;

/** The two answers of a chaincode. */
final class Responses {
    private Responses() {}

    static Response success(ByteString payload) {
        return Response.newBuilder().setStatus(200).setPayload(payload).build();
    }

    static Response error(String message) {
        return Response.newBuilder().setStatus(500).setMessage(message).build();
    }
}
