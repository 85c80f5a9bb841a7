package dev.selvage.network.internal.wire;

import com.google.protobuf.ByteString;
import dev.selvage.network.internal.access.AccessRules;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import org.hyperledger.fabric.protos.gateway.ErrorDetail;

/** What every call of one peer's gateway checks, and how its errors name peers. */
final class GatewayRules {
    private final PeerContext peer;
    private final String msp;

    GatewayRules(PeerContext peer, String msp) {
        this.peer = peer;
        this.msp = msp;
    }

    static void require(boolean holds, Code code, String otherwise) {
        if (!holds) {
            throw GatewayErrors.of(code, otherwise);
        }
    }

    boolean isOurs(String channel) {
        return channel.equals(peer.channel());
    }

    /** Signed by a Reader of the channel; of another channel nobody is one. */
    void requireReader(String channel, ByteString identity, ByteString request, ByteString signature) {
        require(
                isOurs(channel),
                Code.PERMISSION_DENIED,
                "failed to get policy manager for channel [" + channel + "]: no such channel here");
        require(
                peer.access()
                        .signer(identity, request, signature)
                        .filter(peer.access()::mayRead)
                        .isPresent(),
                Code.PERMISSION_DENIED,
                AccessRules.unsatisfied("Readers"));
    }

    /** Peers of all these organisations are here. */
    void requireEndorsers(List<String> msps) {
        List<String> missing = new ArrayList<>(msps);
        missing.removeAll(peer.plan().msps());
        require(
                missing.isEmpty(),
                Code.UNAVAILABLE,
                "failed to find any endorsing peers for org(s): " + String.join(", ", missing));
    }

    /** All organisations, the gateway's own first. */
    List<String> localFirst() {
        List<String> msps = new ArrayList<>(peer.plan().msps());
        msps.remove(msp);
        msps.add(0, msp);
        return msps;
    }

    /** An error with the same message from each of these organisations' peers. */
    StatusRuntimeException failure(Code code, String message, List<String> msps, String detail) {
        List<ErrorDetail> details = msps.stream()
                .map(one -> ErrorDetail.newBuilder()
                        .setAddress(peer.addresses().get(one))
                        .setMspId(one)
                        .setMessage(detail)
                        .build())
                .toList();
        return GatewayErrors.of(code, message, details);
    }
}
