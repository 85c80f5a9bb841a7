package dev.selvage.agent.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.ByteArrayInputStream;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.ConfigEnvelope;
import org.hyperledger.fabric.protos.common.ConfigGroup;
import org.hyperledger.fabric.protos.common.ConfigValue;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.msp.FabricMSPConfig;
import org.hyperledger.fabric.protos.msp.MSPConfig;

/** The authorities of a channel's organisations, as its configuration names them. Immutable. */
public final class ChannelRoots {
    private static final int LARGEST_BLOCK = 16 << 20;

    private final Map<String, Authorities> byMsp;

    public ChannelRoots(Collection<Authorities> organisations) {
        this.byMsp = new TreeMap<>();
        organisations.forEach(one -> byMsp.put(one.msp(), one));
    }

    /**
     * What the channel says of one organisation.
     *
     * @param roots of the signing certificates
     * @param intermediates between roots and signing certificates
     * @param tlsRoots roots and intermediates of the TLS certificates
     * @param revocations lists of withdrawn certificates
     */
    public record Authorities(
            String msp,
            List<X509Certificate> roots,
            List<X509Certificate> intermediates,
            List<X509Certificate> tlsRoots,
            List<X509CRL> revocations) {
        public Authorities {
            roots = List.copyOf(roots);
            intermediates = List.copyOf(intermediates);
            tlsRoots = List.copyOf(tlsRoots);
            revocations = List.copyOf(revocations);
            if (roots.isEmpty()) {
                throw new IllegalArgumentException(msp + " has no root certificate");
            }
        }

        public Authorities(String msp, List<X509Certificate> roots, List<X509Certificate> tlsRoots) {
            this(msp, roots, List.of(), tlsRoots, List.of());
        }
    }

    /**
     * Reads a channel's configuration block: the organisations of its Application group.
     *
     * @param block a serialized common.Block
     * @throws SelvageException LEDGER_REFUSED when it is none
     */
    public static ChannelRoots fromConfigBlock(byte[] block) {
        if (block.length > LARGEST_BLOCK) {
            throw notConfig("has more than " + LARGEST_BLOCK + " bytes", null);
        }
        try {
            Block parsed = Block.parseFrom(block);
            if (parsed.getData().getDataCount() != 1) {
                throw notConfig("holds " + parsed.getData().getDataCount() + " transactions instead of one", null);
            }
            var payload = Payload.parseFrom(
                    Envelope.parseFrom(parsed.getData().getData(0)).getPayload());
            var application = ConfigEnvelope.parseFrom(payload.getData())
                    .getConfig()
                    .getChannelGroup()
                    .getGroupsMap()
                    .get("Application");
            if (application == null || application.getGroupsCount() == 0) {
                throw notConfig("names no organisations", null);
            }
            List<Authorities> organisations = new ArrayList<>();
            for (ConfigGroup group : application.getGroupsMap().values()) {
                organisations.add(organisation(group));
            }
            return new ChannelRoots(organisations);
        } catch (InvalidProtocolBufferException | CertificateException | CRLException e) {
            throw notConfig("cannot be read: " + e.getMessage(), e);
        }
    }

    private static Authorities organisation(ConfigGroup group)
            throws InvalidProtocolBufferException, CertificateException, CRLException {
        ConfigValue value = group.getValuesMap().get("MSP");
        if (value == null) {
            throw notConfig("has an organisation without its MSP", null);
        }
        var msp =
                FabricMSPConfig.parseFrom(MSPConfig.parseFrom(value.getValue()).getConfig());
        if (msp.getName().isEmpty() || msp.getRootCertsCount() == 0) {
            throw notConfig("has an MSP without name or roots", null);
        }
        List<X509Certificate> tls = certificates(msp.getTlsRootCertsList());
        tls.addAll(certificates(msp.getTlsIntermediateCertsList()));
        List<X509CRL> revocations = new ArrayList<>();
        for (ByteString list : msp.getRevocationListList()) {
            revocations.add((X509CRL)
                    CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(list.toByteArray())));
        }
        return new Authorities(
                msp.getName(),
                certificates(msp.getRootCertsList()),
                certificates(msp.getIntermediateCertsList()),
                tls,
                revocations);
    }

    private static List<X509Certificate> certificates(List<ByteString> pems) throws CertificateException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (ByteString pem : pems) {
            certificates.add(PemFiles.certificate(pem.toByteArray()));
        }
        return certificates;
    }

    private static SelvageException notConfig(String why, Throwable cause) {
        return new SelvageException(ErrorCode.LEDGER_REFUSED, "The channel's configuration block " + why + ".", cause);
    }

    public Optional<Authorities> of(String msp) {
        return Optional.ofNullable(byMsp.get(msp));
    }

    /** The organisations' MSP ids in order. */
    public Set<String> msps() {
        return new LinkedHashSet<>(byMsp.keySet());
    }

    /** TLS authorities of all organisations: whom a link's server lets in. */
    public List<X509Certificate> tlsRoots() {
        return byMsp.values().stream().flatMap(one -> one.tlsRoots().stream()).toList();
    }
}
