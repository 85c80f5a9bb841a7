package dev.selvage.agent.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.agent.peer.v1.FetchRequest;
import dev.selvage.agent.peer.v1.FetchTerms;
import dev.selvage.agent.peer.v1.Result;
import dev.selvage.agent.peer.v1.RunInput;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.util.Optional;

/**
 * Requests for content and their signatures. Signed are the terms' bytes as they travel, after a line that names the kind of request, so that a
 * signature given for one thing is never good for another.
 */
public final class FetchRequests {
    /** The largest request that is looked at, in bytes. */
    static final int LARGEST = 32 * 1024;

    static final int NONCE_BYTES = 16;
    private static final byte[] KIND = "selvage.peer.v1.Fetch\n".getBytes(StandardCharsets.US_ASCII);
    private static final SecureRandom RANDOM = new SecureRandom();

    private FetchRequests() {}

    /**
     * Signs a request of a node.
     *
     * @param holder who is asked; the request is good for nobody else
     */
    public static FetchRequest ofNode(
            NodeId asker,
            RequestSigner signer,
            NodeId holder,
            Digest digest,
            long offset,
            Purpose purpose,
            Clock clock) {
        var now = signer.now();
        return sign(terms(now, holder, digest, offset, purpose, clock).setAskerNode(asker.node()), now);
    }

    /**
     * Signs a request of a user for a result, to a node of the user's own organisation.
     *
     * @param node the node that is asked
     */
    public static FetchRequest ofUser(RequestSigner signer, NodeId node, Digest digest, String task, Clock clock) {
        var now = signer.now();
        return sign(terms(now, node, digest, 0, new Purpose.Result(task), clock), now);
    }

    private static FetchTerms.Builder terms(
            RequestSigner signer, NodeId holder, Digest digest, long offset, Purpose purpose, Clock clock) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        var terms = FetchTerms.newBuilder()
                .setDigest(digest.hex())
                .setOffset(offset)
                .setAskerMsp(signer.msp())
                .setHolder(holder.toString())
                .setTimestampMs(clock.millis())
                .setNonce(ByteString.copyFrom(nonce));
        try {
            terms.setCertificate(ByteString.copyFrom(signer.certificate().getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new SelvageException(ErrorCode.IDENTITY_INVALID, "The signing certificate has no encoding.", e);
        }
        if (purpose instanceof Purpose.RunInput input) {
            terms.setRunInput(RunInput.newBuilder()
                    .setTask(input.task())
                    .setSubTask(input.subTask())
                    .setInput(input.input()));
        } else {
            terms.setResult(Result.newBuilder().setTask(purpose.task()));
        }
        return terms;
    }

    private static FetchRequest sign(FetchTerms.Builder terms, RequestSigner signer) {
        ByteString bytes = terms.build().toByteString();
        return FetchRequest.newBuilder()
                .setTerms(bytes)
                .setSignature(ByteString.copyFrom(signer.sign(signed(bytes))))
                .build();
    }

    /** The bytes that the signature is over. */
    static byte[] signed(ByteString terms) {
        return ByteString.copyFrom(KIND).concat(terms).toByteArray();
    }

    /** The terms of a request, their shape checked. */
    static FetchTerms parse(FetchRequest request) {
        if (request.getSerializedSize() > LARGEST) {
            throw malformed("is larger than " + LARGEST + " bytes");
        }
        try {
            FetchTerms terms = FetchTerms.parseFrom(request.getTerms());
            if (terms.getNonce().size() != NONCE_BYTES) {
                throw malformed("has a nonce of another length than " + NONCE_BYTES + " bytes");
            }
            if (terms.getOffset() < 0) {
                throw malformed("has an offset beyond all content");
            }
            return terms;
        } catch (InvalidProtocolBufferException e) {
            throw malformed("cannot be read");
        }
    }

    static Purpose purpose(FetchTerms terms) {
        return switch (terms.getPurposeCase()) {
            case RUN_INPUT ->
                new Purpose.RunInput(
                        terms.getRunInput().getTask(),
                        terms.getRunInput().getSubTask(),
                        terms.getRunInput().getInput());
            case RESULT -> new Purpose.Result(terms.getResult().getTask());
            case PURPOSE_NOT_SET -> throw malformed("does not say what the content is for");
        };
    }

    static Optional<NodeId> node(FetchTerms terms) {
        return terms.getAskerNode().isEmpty()
                ? Optional.empty()
                : Optional.of(new NodeId(terms.getAskerMsp(), terms.getAskerNode()));
    }

    private static SelvageException malformed(String why) {
        return new SelvageException(ErrorCode.REQUEST_INVALID, "The request for content " + why + ".");
    }
}
