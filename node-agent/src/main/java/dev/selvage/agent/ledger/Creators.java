package dev.selvage.agent.ledger;

import com.google.protobuf.InvalidProtocolBufferException;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.Optional;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.gateway.PreparedTransaction;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;

/** By whom signed transactions were made. */
public final class Creators {
    private Creators() {}

    /** Until when orderers take a transaction: when its creator's certificate ends. Empty for bytes that are none. */
    public static Optional<Instant> takenUntil(SignedTransaction transaction) {
        try {
            var envelope = PreparedTransaction.parseFrom(transaction.bytes()).getEnvelope();
            var header = Payload.parseFrom(envelope.getPayload()).getHeader();
            var creator = SerializedIdentity.parseFrom(
                    SignatureHeader.parseFrom(header.getSignatureHeader()).getCreator());
            var certificate =
                    Identities.readX509Certificate(creator.getIdBytes().toStringUtf8());
            return Optional.of(certificate.getNotAfter().toInstant());
        } catch (InvalidProtocolBufferException | CertificateException e) {
            return Optional.empty();
        }
    }
}
