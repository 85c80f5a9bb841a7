package dev.selvage.network.org;

import com.google.protobuf.ByteString;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/**
 * A chaincode definition with the signature of an organisation's admin, as the embedded ledger stores it. Nothing in it is believed
 * before {@link #verify}.
 */
public final class SignedDefinition {
    private static final int LARGEST = 256 * 1024;
    private static final String PURPOSE = "selvage.chaincode-definition.v1\n";

    private final String record;
    private final ByteString identity;
    private final byte[] signature;

    private SignedDefinition(String record, ByteString identity, byte[] signature) {
        this.record = Objects.requireNonNull(record);
        this.identity = Objects.requireNonNull(identity);
        this.signature = signature.clone();
    }

    /** What the signature is over, with plain types only. */
    private record Flat(
            String name,
            String version,
            long sequence,
            String address,
            String policy,
            String tlsRoot,
            String tlsCertificate,
            String tlsKey) {}

    private record Stored(String definition, String identity, String signature) {}

    /** Signs the definition. Whether the signer is an admin shows when it is verified. */
    public static SignedDefinition sign(ChaincodeDefinition definition, OrganisationSigner admin) {
        String record = CanonicalJson.text(CanonicalJson.tree(new Flat(
                definition.name(),
                definition.version(),
                definition.sequence(),
                definition.address().toString(),
                definition.policy().toString(),
                definition.tls().map(ChaincodeDefinition.Tls::root).orElse(null),
                definition.tls().map(ChaincodeDefinition.Tls::certificate).orElse(null),
                definition.tls().map(ChaincodeDefinition.Tls::key).orElse(null))));
        return new SignedDefinition(record, admin.serializedIdentity(), admin.sign(signed(record)));
    }

    /**
     * Reads what {@link #toJson} wrote; nothing is verified yet.
     *
     * @throws SelvageException REQUEST_INVALID when the text is no such record
     */
    public static SignedDefinition fromJson(String json) {
        if (json.length() > LARGEST) {
            throw new SelvageException(ErrorCode.TOO_LARGE, "a chaincode definition is at most " + LARGEST + " bytes");
        }
        Stored stored = CanonicalJson.read(json, Stored.class);
        try {
            return new SignedDefinition(
                    stored.definition(),
                    ByteString.copyFrom(Base64.getDecoder().decode(stored.identity())),
                    Base64.getDecoder().decode(stored.signature()));
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "not a signed chaincode definition", e);
        }
    }

    public String toJson() {
        Base64.Encoder base64 = Base64.getEncoder();
        return CanonicalJson.text(CanonicalJson.tree(
                new Stored(record, base64.encodeToString(identity.toByteArray()), base64.encodeToString(signature))));
    }

    /**
     * The definition, once the signature is found to be that of an admin of an organisation with peers.
     *
     * @throws SelvageException NOT_PERMITTED when it is not; CONFIG_INVALID or POLICY_INVALID when the content is wrong, or the policy
     *     names an organisation that is not on the channel
     */
    public ChaincodeDefinition verify(ChannelOrganisations channel) {
        Member signer = channel.identify(identity).fold(member -> member, refused -> {
            throw refusal(refused.sentence());
        });
        if (signer.role() != Role.ADMIN || !channel.peerMsps().contains(signer.msp())) {
            throw refusal(signer + " is not an admin of an organisation with peers");
        }
        if (!channel.verify(signer, signed(record), signature)) {
            throw refusal("the signature is not that of " + signer);
        }
        Flat flat = CanonicalJson.read(record, Flat.class);
        Optional<ChaincodeDefinition.Tls> tls = flat.tlsRoot() == null
                ? Optional.empty()
                : Optional.of(new ChaincodeDefinition.Tls(flat.tlsRoot(), flat.tlsCertificate(), flat.tlsKey()));
        SignaturePolicy policy = SignaturePolicy.parse(flat.policy());
        for (String msp : policy.msps()) {
            if (!channel.peerMsps().contains(msp)) {
                throw new SelvageException(
                        ErrorCode.POLICY_INVALID,
                        "the policy names " + msp + ", but the channel has " + channel.peerMsps());
            }
        }
        return new ChaincodeDefinition(
                flat.name(), flat.version(), flat.sequence(), HostPort.parse(flat.address()), policy, tls);
    }

    private static byte[] signed(String record) {
        return (PURPOSE + record).getBytes(StandardCharsets.UTF_8);
    }

    private static SelvageException refusal(String sentence) {
        return new SelvageException(ErrorCode.NOT_PERMITTED, "chaincode definition refused: " + sentence);
    }
}
