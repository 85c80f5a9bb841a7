package dev.selvage.network.org;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockData;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.common.BlockMetadata;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Config;
import org.hyperledger.fabric.protos.common.ConfigEnvelope;
import org.hyperledger.fabric.protos.common.ConfigGroup;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.LastConfig;
import org.hyperledger.fabric.protos.common.Metadata;
import org.hyperledger.fabric.protos.common.OrdererBlockMetadata;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.msp.FabricMSPConfig;
import org.hyperledger.fabric.protos.msp.MSPConfig;

/** The genesis block of a channel: a config block as configtxgen makes it, which agents read the organisations' roots from. */
public final class ConfigBlock {
    private static final int METADATA_SLOTS = 5;

    private ConfigBlock() {}

    /**
     * Makes block 0 of a channel with groups Application and Orderer, capabilities V2_0 and V2_5, and MAJORITY endorsement.
     *
     * @throws SelvageException CONFIG_INVALID when an organisation has no endpoint
     */
    public static Block genesis(String channel, Organisations organisations, Endpoints endpoints, Clock clock) {
        ConfigGroup group = new ConfigGroups(organisations, endpoints).channel();
        byte[] nonce = new byte[24];
        new SecureRandom().nextBytes(nonce);
        ByteString envelope = Envelope.newBuilder()
                .setPayload(Payload.newBuilder()
                        .setHeader(header(channel, nonce, clock.instant()))
                        .setData(ConfigEnvelope.newBuilder()
                                .setConfig(Config.newBuilder().setChannelGroup(group))
                                .build()
                                .toByteString())
                        .build()
                        .toByteString())
                .build()
                .toByteString();
        BlockHeader header = BlockHeader.newBuilder()
                .setNumber(0)
                .setDataHash(digest(envelope))
                .build();
        return Block.newBuilder()
                .setHeader(header)
                .setData(BlockData.newBuilder().addData(envelope))
                .setMetadata(metadata())
                .build();
    }

    /**
     * The organisations that a config block names.
     *
     * @throws SelvageException LEDGER_REFUSED when the block is no config block
     */
    public static ChannelOrganisations organisations(Block block) {
        try {
            ConfigGroup channel = configEnvelope(block).getConfig().getChannelGroup();
            List<MspDefinition> all = new ArrayList<>();
            for (boolean orderer : new boolean[] {false, true}) {
                ConfigGroup group = channel.getGroupsMap().get(orderer ? "Orderer" : "Application");
                if (group == null) {
                    throw notAConfigBlock(null);
                }
                for (Map.Entry<String, ConfigGroup> entry : new TreeMap<>(group.getGroupsMap()).entrySet()) {
                    all.add(definition(entry.getValue(), orderer));
                }
            }
            return new ChannelOrganisations(all);
        } catch (InvalidProtocolBufferException | CertificateException e) {
            throw notAConfigBlock(e);
        }
    }

    /** The configuration that a config block carries. */
    public static ConfigEnvelope configEnvelope(Block block) throws InvalidProtocolBufferException {
        if (block.getData().getDataCount() != 1) {
            throw notAConfigBlock(null);
        }
        Payload payload =
                Payload.parseFrom(Envelope.parseFrom(block.getData().getData(0)).getPayload());
        ChannelHeader header = ChannelHeader.parseFrom(payload.getHeader().getChannelHeader());
        if (header.getType() != HeaderType.CONFIG_VALUE) {
            throw notAConfigBlock(null);
        }
        return ConfigEnvelope.parseFrom(payload.getData());
    }

    private static MspDefinition definition(ConfigGroup group, boolean orderer)
            throws InvalidProtocolBufferException, CertificateException {
        FabricMSPConfig msp = FabricMSPConfig.parseFrom(
                MSPConfig.parseFrom(group.getValuesOrThrow("MSP").getValue()).getConfig());
        List<X509Certificate> roots = certificates(msp.getRootCertsList());
        String authority = roots.get(0).getSubjectX500Principal().getName();
        String domain = authority.replaceFirst("^.*CN=ca\\.([^,]+).*$", "$1");
        return new MspDefinition(msp.getName(), domain, roots, certificates(msp.getTlsRootCertsList()), orderer);
    }

    private static List<X509Certificate> certificates(List<ByteString> pems) throws CertificateException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (ByteString pem : pems) {
            certificates.add(Pem.parseCertificate(pem.toByteArray()));
        }
        return certificates;
    }

    private static Header header(String channel, byte[] nonce, Instant now) {
        return Header.newBuilder()
                .setChannelHeader(ChannelHeader.newBuilder()
                        .setType(HeaderType.CONFIG_VALUE)
                        .setVersion(1)
                        .setChannelId(channel)
                        .setTimestamp(Timestamp.newBuilder().setSeconds(now.getEpochSecond()))
                        .setTxId(ChannelOrganisations.sha256(nonce))
                        .build()
                        .toByteString())
                .setSignatureHeader(SignatureHeader.newBuilder()
                        .setNonce(ByteString.copyFrom(nonce))
                        .build()
                        .toByteString())
                .build();
    }

    private static BlockMetadata metadata() {
        LastConfig last = LastConfig.newBuilder().setIndex(0).build();
        OrdererBlockMetadata signed =
                OrdererBlockMetadata.newBuilder().setLastConfig(last).build();
        BlockMetadata.Builder metadata = BlockMetadata.newBuilder();
        metadata.addMetadata(
                Metadata.newBuilder().setValue(signed.toByteString()).build().toByteString());
        metadata.addMetadata(
                Metadata.newBuilder().setValue(last.toByteString()).build().toByteString());
        while (metadata.getMetadataCount() < METADATA_SLOTS) {
            metadata.addMetadata(ByteString.EMPTY);
        }
        return metadata.build();
    }

    private static ByteString digest(ByteString bytes) {
        return ByteString.copyFrom(HexFormat.of().parseHex(ChannelOrganisations.sha256(bytes.toByteArray())));
    }

    private static SelvageException notAConfigBlock(Exception cause) {
        return new SelvageException(
                ErrorCode.LEDGER_REFUSED, "the block is not a config block with organisations", cause);
    }
}
