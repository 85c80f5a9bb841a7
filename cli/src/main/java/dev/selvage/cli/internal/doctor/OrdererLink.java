package dev.selvage.cli.internal.doctor;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.selvage.agent.ledger.FaultWords;
import dev.selvage.agent.peer.MemberSigner;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import io.grpc.Grpc;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.StreamObserver;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.common.Status;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.hyperledger.fabric.protos.orderer.AtomicBroadcastGrpc;
import org.hyperledger.fabric.protos.orderer.DeliverResponse;
import org.hyperledger.fabric.protos.orderer.SeekInfo;
import org.hyperledger.fabric.protos.orderer.SeekNewest;
import org.hyperledger.fabric.protos.orderer.SeekPosition;

/** Asks an orderer for its newest block, which it gives only while it belongs to a working ordering service. */
final class OrdererLink {
    private static final int PATIENCE_SECONDS = 5;
    private static final int LARGEST_MESSAGE = 128 << 20;
    private static final int NONCE_BYTES = 24;
    private static final String STATUS = "status";

    private OrdererLink() {}

    /**
     * How many blocks the orderer has.
     *
     * @param identity of a member of the channel
     * @throws SelvageException ORDERER_UNREACHABLE, and the codes of a link that fails
     */
    static long height(ChannelConfig.OrdererPlace place, String channel, MemberSigner identity) {
        var link = Grpc.newChannelBuilder(
                        place.address().toString(),
                        TlsChannelCredentials.newBuilder()
                                .trustManager(SecureLinks.trust(place.tlsRoots()))
                                .build())
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .build();
        var answer = new CompletableFuture<DeliverResponse>();
        try {
            var requests = AtomicBroadcastGrpc.newStub(link)
                    .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .deliver(new First(answer));
            requests.onNext(newest(channel, identity));
            var first = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!first.hasBlock()) {
                throw new SelvageException(
                        ErrorCode.ORDERER_UNREACHABLE,
                        Map.of(STATUS, first.getStatus().name()),
                        "The orderer at " + place.address() + " gives no blocks: " + first.getStatus()
                                + (first.getStatus() == Status.SERVICE_UNAVAILABLE
                                        ? ". It has no leader: too few orderers run, or they do not reach each other."
                                        : "."));
            }
            return first.getBlock().getHeader().getNumber() + 1;
        } catch (ExecutionException e) {
            throw fault(place, e.getCause());
        } catch (TimeoutException e) {
            throw new SelvageException(
                    ErrorCode.ORDERER_UNREACHABLE, "The orderer at " + place.address() + " does not answer.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "Stopped.", e);
        } finally {
            link.shutdownNow();
        }
    }

    /** Whether the orderer was reached and said that it orders nothing. */
    static boolean saysThatItHasNoLeader(SelvageException fault) {
        return Status.SERVICE_UNAVAILABLE.name().equals(fault.parameters().get(STATUS));
    }

    private static SelvageException fault(ChannelConfig.OrdererPlace place, Throwable cause) {
        String words = cause instanceof StatusRuntimeException status && status.getCause() == null
                ? String.valueOf(status.getStatus().getDescription())
                : FaultWords.ofCause(cause);
        return new SelvageException(
                FaultWords.ofLink(cause).orElse(ErrorCode.ORDERER_UNREACHABLE),
                "The orderer at " + place.address() + " does not answer: " + words + ".",
                cause);
    }

    /** A signed request for the newest block alone. */
    private static Envelope newest(String channel, MemberSigner identity) {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        Instant now = Instant.now();
        var newest = SeekPosition.newBuilder().setNewest(SeekNewest.getDefaultInstance());
        var payload = Payload.newBuilder()
                .setHeader(Header.newBuilder()
                        .setChannelHeader(ChannelHeader.newBuilder()
                                .setType(HeaderType.DELIVER_SEEK_INFO_VALUE)
                                .setChannelId(channel)
                                .setTimestamp(Timestamp.newBuilder()
                                        .setSeconds(now.getEpochSecond())
                                        .setNanos(now.getNano()))
                                .build()
                                .toByteString())
                        .setSignatureHeader(SignatureHeader.newBuilder()
                                .setCreator(SerializedIdentity.newBuilder()
                                        .setMspid(identity.msp())
                                        .setIdBytes(
                                                ByteString.copyFromUtf8(Identities.toPemString(identity.certificate())))
                                        .build()
                                        .toByteString())
                                .setNonce(ByteString.copyFrom(nonce))
                                .build()
                                .toByteString()))
                .setData(SeekInfo.newBuilder()
                        .setStart(newest)
                        .setStop(newest)
                        .setBehavior(SeekInfo.SeekBehavior.FAIL_IF_NOT_READY)
                        .build()
                        .toByteString())
                .build()
                .toByteString();
        return Envelope.newBuilder()
                .setPayload(payload)
                .setSignature(ByteString.copyFrom(identity.sign(payload.toByteArray())))
                .build();
    }

    /** Waits for the first answer. */
    private record First(CompletableFuture<DeliverResponse> answer) implements StreamObserver<DeliverResponse> {
        @Override
        public void onNext(DeliverResponse response) {
            answer.complete(response);
        }

        @Override
        public void onError(Throwable failure) {
            answer.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            answer.completeExceptionally(new IllegalStateException("it ended the stream without a word"));
        }
    }
}
