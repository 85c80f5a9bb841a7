package dev.selvage.cli.internal.doctor;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.formats.config.HostPort;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.ConfigEnvelope;
import org.hyperledger.fabric.protos.common.ConfigGroup;
import org.hyperledger.fabric.protos.common.ConfigValue;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.OrdererAddresses;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.msp.FabricMSPConfig;
import org.hyperledger.fabric.protos.msp.MSPConfig;
import org.hyperledger.fabric.protos.orderer.ConsensusType;

/**
 * What the checks need of a channel's configuration.
 *
 * @param msps the organisations with peers
 * @param needed how many of the orderers it takes to order anything
 */
record ChannelConfig(List<String> msps, List<OrdererPlace> orderers, int needed) {
    /**
     * Where an orderer is.
     *
     * @param tlsRoots of its organisation
     */
    record OrdererPlace(HostPort address, List<X509Certificate> tlsRoots) {}

    /** Reads a configuration block. */
    static ChannelConfig of(byte[] block) {
        try {
            var payload = Payload.parseFrom(
                    Envelope.parseFrom(Block.parseFrom(block).getData().getData(0))
                            .getPayload());
            var channel =
                    ConfigEnvelope.parseFrom(payload.getData()).getConfig().getChannelGroup();
            var msps = new TreeSet<String>();
            for (ConfigGroup one :
                    channel.getGroupsOrThrow("Application").getGroupsMap().values()) {
                msps.add(msp(one).getName());
            }
            List<OrdererPlace> orderers = new ArrayList<>();
            var everyRoot = new ArrayList<X509Certificate>();
            for (ConfigGroup one :
                    channel.getGroupsOrThrow("Orderer").getGroupsMap().values()) {
                var roots = roots(msp(one));
                everyRoot.addAll(roots);
                addresses(one, "Endpoints").forEach(address -> orderers.add(new OrdererPlace(address, roots)));
            }
            if (orderers.isEmpty()) {
                addresses(channel, "OrdererAddresses")
                        .forEach(address -> orderers.add(new OrdererPlace(address, everyRoot)));
            }
            boolean bft = ConsensusType.parseFrom(channel.getGroupsOrThrow("Orderer")
                            .getValuesOrDefault("ConsensusType", ConfigValue.getDefaultInstance())
                            .getValue())
                    .getType()
                    .equalsIgnoreCase("BFT");
            return new ChannelConfig(List.copyOf(msps), List.copyOf(orderers), needed(orderers.size(), bft));
        } catch (InvalidProtocolBufferException | CertificateException | IllegalArgumentException e) {
            throw new SelvageException(
                    ErrorCode.LEDGER_REFUSED, "The channel's configuration cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** A majority; with BFT so many that two such groups have an honest one in common. */
    static int needed(int orderers, boolean bft) {
        int faulty = (orderers - 1) / 3;
        return bft ? (orderers + faulty + 2) / 2 : orderers / 2 + 1;
    }

    private static FabricMSPConfig msp(ConfigGroup organisation) throws InvalidProtocolBufferException {
        var value = organisation.getValuesOrThrow("MSP").getValue();
        return FabricMSPConfig.parseFrom(MSPConfig.parseFrom(value).getConfig());
    }

    private static List<X509Certificate> roots(FabricMSPConfig msp) throws CertificateException {
        List<X509Certificate> roots = new ArrayList<>();
        for (ByteString pem : msp.getTlsRootCertsList()) {
            roots.addAll(Pems.certificates(pem.toByteArray()));
        }
        for (ByteString pem : msp.getTlsIntermediateCertsList()) {
            roots.addAll(Pems.certificates(pem.toByteArray()));
        }
        return roots;
    }

    private static List<HostPort> addresses(ConfigGroup group, String key) throws InvalidProtocolBufferException {
        List<HostPort> found = new ArrayList<>();
        if (group.containsValues(key)) {
            for (String text : OrdererAddresses.parseFrom(
                            group.getValuesOrThrow(key).getValue())
                    .getAddressesList()) {
                var address = HostPort.parse(text);
                if (address != null) {
                    found.add(address);
                }
            }
        }
        return found;
    }
}
