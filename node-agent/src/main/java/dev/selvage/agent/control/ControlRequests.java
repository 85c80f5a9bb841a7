package dev.selvage.agent.control;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.agent.control.v1.SignedRequest;
import dev.selvage.agent.control.v1.Terms;
import dev.selvage.agent.peer.RequestSigner;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;

/** The signed form of a control request. */
final class ControlRequests {
    static final int LARGEST = 256 * 1024;

    private static final byte[] CONTEXT = "selvage.control.v1.Ask\n".getBytes(StandardCharsets.UTF_8);
    private static final int NONCE = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private ControlRequests() {}

    static SignedRequest sign(NodeId node, String function, String argument, RequestSigner signer, Instant now) {
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        try {
            ByteString terms = Terms.newBuilder()
                    .setNode(node.toString())
                    .setAskerMsp(signer.msp())
                    .setCertificate(ByteString.copyFrom(signer.certificate().getEncoded()))
                    .setTimestampMs(now.toEpochMilli())
                    .setNonce(ByteString.copyFrom(nonce))
                    .setFunction(function)
                    .setArgument(argument)
                    .build()
                    .toByteString();
            return SignedRequest.newBuilder()
                    .setTerms(terms)
                    .setSignature(ByteString.copyFrom(signer.sign(signed(terms))))
                    .build();
        } catch (CertificateEncodingException e) {
            throw new SelvageException(ErrorCode.IDENTITY_INVALID, "The certificate cannot be encoded.", e);
        }
    }

    /** What is signed. */
    static byte[] signed(ByteString terms) {
        return ByteString.copyFrom(CONTEXT).concat(terms).toByteArray();
    }

    /** @throws SelvageException REQUEST_INVALID */
    static Terms parse(SignedRequest request) {
        try {
            Terms terms = Terms.parseFrom(request.getTerms());
            if (terms.getNonce().size() != NONCE) {
                throw new SelvageException(ErrorCode.REQUEST_INVALID, "A request has a nonce of 16 bytes.");
            }
            return terms;
        } catch (InvalidProtocolBufferException e) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "The request cannot be read.", e);
        }
    }
}
