package dev.selvage.network.org;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.crypto.ec.CustomNamedCurves;

/** Identities that an honest organisation never issues, for tests of refusals. */
public final class TestIdentities {
    private TestIdentities() {}

    /** A client whose certificate, properly issued, ended a minute ago. */
    public static OrganisationSigner expired(Organisation organisation) {
        try {
            Instant now = Instant.now();
            var issued = authority(organisation)
                    .issueSigning(
                            "Old@" + organisation.domain(),
                            Role.CLIENT,
                            now.minus(Duration.ofHours(1)),
                            now.minusSeconds(60));
            return new OrganisationSigner(organisation.msp(), issued.certificate(), issued.key());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client of an organisation of the same name whose authority is another. */
    public static OrganisationSigner ofTwin(Organisation organisation, Path folder) {
        Organisations twins =
                Organisations.open(folder.resolve("organizations"), OrganisationsPlan.of(3), Clock.systemUTC());
        return twins.get(organisation.msp()).signer("User1");
    }

    /** The organisation's properly issued identity without a role. */
    public static OrganisationSigner withoutUnit(Organisation organisation) {
        try {
            var issued = authority(organisation).issueTls("nobody", java.util.List.of("nobody"), Clock.systemUTC());
            return new OrganisationSigner(organisation.msp(), issued.certificate(), issued.key());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same certificate and key under another MSP id. */
    public static OrganisationSigner renamed(String msp, OrganisationSigner signer) {
        return new OrganisationSigner(msp, signer.certificate(), signer.privateKey());
    }

    /** A certificate with the key of somebody else. */
    public static OrganisationSigner stolen(OrganisationSigner victim, OrganisationSigner thief) {
        X509Certificate certificate = victim.certificate();
        PrivateKey key = thief.privateKey();
        return new OrganisationSigner(victim.msp(), certificate, key);
    }

    /** The other signature over the same message that ECDSA allows and Fabric refuses (P-256). */
    public static byte[] withHighS(byte[] signature) {
        ASN1Sequence sequence = ASN1Sequence.getInstance(signature);
        BigInteger s = ASN1Integer.getInstance(sequence.getObjectAt(1)).getValue();
        BigInteger order = CustomNamedCurves.getByName("secp256r1").getN();
        try {
            return new DERSequence(new ASN1Integer[] {
                        ASN1Integer.getInstance(sequence.getObjectAt(0)), new ASN1Integer(order.subtract(s))
                    })
                    .getEncoded();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CertificateAuthority authority(Organisation organisation) throws IOException {
        return new OrganisationFolder(organisation.folder(), organisation.domain(), Clock.systemUTC()).authority("ca");
    }
}
