package dev.selvage.network.org;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.hyperledger.fabric.protos.common.BlockDataHashingStructure;
import org.hyperledger.fabric.protos.common.Capabilities;
import org.hyperledger.fabric.protos.common.Capability;
import org.hyperledger.fabric.protos.common.ConfigGroup;
import org.hyperledger.fabric.protos.common.ConfigPolicy;
import org.hyperledger.fabric.protos.common.ConfigValue;
import org.hyperledger.fabric.protos.common.HashingAlgorithm;
import org.hyperledger.fabric.protos.common.ImplicitMetaPolicy;
import org.hyperledger.fabric.protos.common.OrdererAddresses;
import org.hyperledger.fabric.protos.common.Policy;
import org.hyperledger.fabric.protos.msp.FabricCryptoConfig;
import org.hyperledger.fabric.protos.msp.FabricMSPConfig;
import org.hyperledger.fabric.protos.msp.FabricNodeOUs;
import org.hyperledger.fabric.protos.msp.FabricOUIdentifier;
import org.hyperledger.fabric.protos.msp.MSPConfig;
import org.hyperledger.fabric.protos.orderer.BatchSize;
import org.hyperledger.fabric.protos.orderer.BatchTimeout;
import org.hyperledger.fabric.protos.orderer.ChannelRestrictions;
import org.hyperledger.fabric.protos.orderer.ConsensusType;
import org.hyperledger.fabric.protos.orderer.etcdraft.ConfigMetadata;
import org.hyperledger.fabric.protos.orderer.etcdraft.Consenter;
import org.hyperledger.fabric.protos.orderer.etcdraft.Options;
import org.hyperledger.fabric.protos.peer.AnchorPeer;
import org.hyperledger.fabric.protos.peer.AnchorPeers;

/** The tree of groups, values and policies inside a config block, with the values that configtxgen's sample profile has. */
final class ConfigGroups {
    private static final String ADMINS = "Admins";
    private static final int WHOLE_BLOCK = -1;

    private final Organisations organisations;
    private final Endpoints endpoints;

    ConfigGroups(Organisations organisations, Endpoints endpoints) {
        this.organisations = organisations;
        this.endpoints = endpoints;
        if (endpoints.orderers().isEmpty()) {
            throw new SelvageException(ErrorCode.CONFIG_INVALID, "the channel has no ordering node");
        }
    }

    ConfigGroup channel() {
        ConfigGroup.Builder group = group("V2_0");
        value(group, "HashingAlgorithm", HashingAlgorithm.newBuilder().setName("SHA256"));
        value(
                group,
                "BlockDataHashingStructure",
                BlockDataHashingStructure.newBuilder().setWidth(WHOLE_BLOCK));
        return group.putGroups("Application", application())
                .putGroups("Orderer", orderer())
                .build();
    }

    private ConfigGroup application() {
        ConfigGroup.Builder group = group("V2_5");
        implicit(group, "Endorsement", ImplicitMetaPolicy.Rule.MAJORITY, "Endorsement");
        implicit(group, "LifecycleEndorsement", ImplicitMetaPolicy.Rule.MAJORITY, "Endorsement");
        organisations.peers().forEach(peer -> group.putGroups(peer.msp(), peerOrganisation(peer)));
        return group.build();
    }

    private ConfigGroup peerOrganisation(Organisation peer) {
        HostPort anchor = endpoints.peers().get(peer.msp());
        if (anchor == null) {
            throw new SelvageException(ErrorCode.CONFIG_INVALID, peer.msp() + " has no peer address");
        }
        ConfigGroup.Builder group = organisation(peer.definition());
        signature(group, "Readers", peer.msp(), Role.ADMIN, Role.PEER, Role.CLIENT);
        signature(group, "Writers", peer.msp(), Role.ADMIN, Role.CLIENT);
        signature(group, ADMINS, peer.msp(), Role.ADMIN);
        signature(group, "Endorsement", peer.msp(), Role.PEER);
        AnchorPeer address = AnchorPeer.newBuilder()
                .setHost(anchor.host())
                .setPort(anchor.port())
                .build();
        value(group, "AnchorPeers", AnchorPeers.newBuilder().addAnchorPeers(address));
        return group.build();
    }

    private ConfigGroup orderer() {
        ConfigGroup.Builder group = group("V2_0");
        implicit(group, "BlockValidation", ImplicitMetaPolicy.Rule.ANY, "Writers");
        value(
                group,
                "BatchSize",
                BatchSize.newBuilder()
                        .setMaxMessageCount(500)
                        .setAbsoluteMaxBytes(10 * 1024 * 1024)
                        .setPreferredMaxBytes(2 * 1024 * 1024));
        value(group, "BatchTimeout", BatchTimeout.newBuilder().setTimeout("200ms"));
        value(group, "ChannelRestrictions", ChannelRestrictions.newBuilder());
        value(
                group,
                "ConsensusType",
                ConsensusType.newBuilder().setType("etcdraft").setMetadata(consenters()));
        Organisation orderer = organisations.orderer();
        ConfigGroup.Builder organisation = organisation(orderer.definition());
        Role[] members = Role.values();
        signature(organisation, "Readers", orderer.msp(), members);
        signature(organisation, "Writers", orderer.msp(), members);
        signature(organisation, ADMINS, orderer.msp(), Role.ADMIN);
        OrdererAddresses.Builder addresses = OrdererAddresses.newBuilder();
        endpoints.orderers().forEach(address -> addresses.addAddresses(address.toString()));
        value(organisation, "Endpoints", addresses);
        return group.putGroups(orderer.msp(), organisation.build()).build();
    }

    private ByteString consenters() {
        ConfigMetadata.Builder metadata = ConfigMetadata.newBuilder()
                .setOptions(Options.newBuilder()
                        .setTickInterval("500ms")
                        .setElectionTick(10)
                        .setHeartbeatTick(1)
                        .setMaxInflightBlocks(5)
                        .setSnapshotIntervalSize(16 * 1024 * 1024));
        for (int i = 0; i < endpoints.orderers().size(); i++) {
            HostPort address = endpoints.orderers().get(i);
            ByteString certificate = pem(organisations.orderer().tlsCertificate("orderer" + i));
            metadata.addConsenters(Consenter.newBuilder()
                    .setHost(address.host())
                    .setPort(address.port())
                    .setClientTlsCert(certificate)
                    .setServerTlsCert(certificate));
        }
        return metadata.build().toByteString();
    }

    private static ConfigGroup.Builder organisation(MspDefinition definition) {
        ConfigGroup.Builder group = ConfigGroup.newBuilder().setModPolicy(ADMINS);
        value(
                group,
                "MSP",
                MSPConfig.newBuilder().setType(0).setConfig(msp(definition).toByteString()));
        return group;
    }

    private static FabricMSPConfig msp(MspDefinition definition) {
        FabricMSPConfig.Builder msp = FabricMSPConfig.newBuilder()
                .setName(definition.msp())
                .setCryptoConfig(FabricCryptoConfig.newBuilder()
                        .setSignatureHashFamily("SHA2")
                        .setIdentityIdentifierHashFunction("SHA256"));
        definition.roots().forEach(root -> msp.addRootCerts(pem(root)));
        definition.tlsRoots().forEach(root -> msp.addTlsRootCerts(pem(root)));
        ByteString root = pem(definition.roots().get(0));
        return msp.setFabricNodeOus(FabricNodeOUs.newBuilder()
                        .setEnable(true)
                        .setClientOuIdentifier(unit(Role.CLIENT, root))
                        .setPeerOuIdentifier(unit(Role.PEER, root))
                        .setAdminOuIdentifier(unit(Role.ADMIN, root))
                        .setOrdererOuIdentifier(unit(Role.ORDERER, root)))
                .build();
    }

    private static FabricOUIdentifier unit(Role role, ByteString root) {
        return FabricOUIdentifier.newBuilder()
                .setCertificate(root)
                .setOrganizationalUnitIdentifier(role.unit())
                .build();
    }

    private static ByteString pem(X509Certificate certificate) {
        return ByteString.copyFrom(Pem.certificate(certificate), StandardCharsets.US_ASCII);
    }

    private static ConfigGroup.Builder group(String capability) {
        ConfigGroup.Builder group = ConfigGroup.newBuilder().setModPolicy(ADMINS);
        implicit(group, "Readers", ImplicitMetaPolicy.Rule.ANY, "Readers");
        implicit(group, "Writers", ImplicitMetaPolicy.Rule.ANY, "Writers");
        implicit(group, ADMINS, ImplicitMetaPolicy.Rule.MAJORITY, ADMINS);
        value(
                group,
                "Capabilities",
                Capabilities.newBuilder().putCapabilities(capability, Capability.getDefaultInstance()));
        return group;
    }

    private static void value(ConfigGroup.Builder group, String key, Message.Builder content) {
        group.putValues(
                key,
                ConfigValue.newBuilder()
                        .setValue(content.build().toByteString())
                        .setModPolicy(ADMINS)
                        .build());
    }

    private static void implicit(
            ConfigGroup.Builder group, String name, ImplicitMetaPolicy.Rule rule, String ofPolicy) {
        ImplicitMetaPolicy policy = ImplicitMetaPolicy.newBuilder()
                .setRule(rule)
                .setSubPolicy(ofPolicy)
                .build();
        policy(group, name, Policy.PolicyType.IMPLICIT_META, policy.toByteString());
    }

    private static void signature(ConfigGroup.Builder group, String name, String msp, Role... roles) {
        List<Principal> principals =
                Arrays.stream(roles).map(role -> Principal.of(msp, role)).toList();
        ByteString policy = SignaturePolicy.anyOf(principals.toArray(Principal[]::new))
                .toProto()
                .toByteString();
        policy(group, name, Policy.PolicyType.SIGNATURE, policy);
    }

    private static void policy(ConfigGroup.Builder group, String name, Policy.PolicyType type, ByteString value) {
        group.putPolicies(
                name,
                ConfigPolicy.newBuilder()
                        .setModPolicy(ADMINS)
                        .setPolicy(Policy.newBuilder().setType(type.getNumber()).setValue(value))
                        .build());
    }
}
