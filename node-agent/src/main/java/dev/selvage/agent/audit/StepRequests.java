package dev.selvage.agent.audit;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.agent.audit.v1.StepRequest;
import dev.selvage.agent.audit.v1.StepTerms;
import dev.selvage.agent.peer.Asker;
import dev.selvage.agent.peer.MemberCheck;
import dev.selvage.agent.peer.RequestSigner;
import dev.selvage.agent.peer.SignedRequests;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Steps of an audit as signed requests between nodes: good for one holder, for five minutes, once
 * ({@link SignedRequests}). Thread-safe.
 */
final class StepRequests {
    /** The largest request that is looked at, in bytes. */
    private static final int LARGEST = 32 * 1024;

    private static final String WHAT = "The request for a step of an audit";
    private static final int NONCE_BYTES = 16;
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final ByteString KIND =
            ByteString.copyFrom("selvage.audit.v1.Take\n".getBytes(StandardCharsets.US_ASCII));
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SignedRequests requests;

    StepRequests(NodeId self, MemberCheck members, Clock clock) {
        this.requests = new SignedRequests(WHAT, self, members, WINDOW, clock);
    }

    /** A step that may be taken, if the asker is entitled. */
    record Checked(Asker asker, StepTerms terms) {}

    /**
     * Signs a request of this node.
     *
     * @param step its step alone
     */
    static StepRequest sign(StepTerms.Builder step, NodeId asker, RequestSigner member, NodeId holder, Clock clock) {
        var signer = member.now();
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            ByteString terms = step.setAskerMsp(asker.msp())
                    .setAskerNode(asker.node())
                    .setCertificate(ByteString.copyFrom(signer.certificate().getEncoded()))
                    .setHolder(holder.toString())
                    .setTimestampMs(clock.millis())
                    .setNonce(ByteString.copyFrom(nonce))
                    .build()
                    .toByteString();
            return StepRequest.newBuilder()
                    .setTerms(terms)
                    .setSignature(
                            ByteString.copyFrom(signer.sign(KIND.concat(terms).toByteArray())))
                    .build();
        } catch (CertificateEncodingException e) {
            throw new SelvageException(ErrorCode.IDENTITY_INVALID, "The signing certificate has no encoding.", e);
        }
    }

    /** @throws SelvageException REQUEST_INVALID, REQUEST_STALE, IDENTITY_INVALID */
    Checked check(StepRequest request) {
        StepTerms terms = parse(request);
        var claims = new SignedRequests.Claims(
                terms.getHolder(),
                terms.getTimestampMs(),
                terms.getAskerMsp(),
                terms.getCertificate().toByteArray(),
                terms.getNonce().toByteArray(),
                KIND.concat(request.getTerms()).toByteArray(),
                request.getSignature().toByteArray());
        var member = requests.signer(claims);
        requests.requireFirst(member, claims);
        var node = new NodeId(terms.getAskerMsp(), terms.getAskerNode());
        return new Checked(new Asker(member.party(), member.spki(), Optional.of(node)), terms);
    }

    private static StepTerms parse(StepRequest request) {
        if (request.getSerializedSize() > LARGEST) {
            throw malformed("is larger than " + LARGEST + " bytes");
        }
        try {
            StepTerms terms = StepTerms.parseFrom(request.getTerms());
            if (terms.getNonce().size() != NONCE_BYTES) {
                throw malformed("has a nonce of another length than " + NONCE_BYTES + " bytes");
            }
            return terms;
        } catch (InvalidProtocolBufferException e) {
            throw malformed("cannot be read");
        }
    }

    private static SelvageException malformed(String why) {
        return new SelvageException(ErrorCode.REQUEST_INVALID, WHAT + " " + why + ".");
    }
}
