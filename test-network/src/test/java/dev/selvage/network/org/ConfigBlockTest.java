package dev.selvage.network.org;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.Identification.Known;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.ConfigGroup;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigBlockTest {
    private static final Endpoints ENDPOINTS = new Endpoints(
            Map.of(
                    "EwrMSP", HostPort.parse("127.0.0.1:7051"),
                    "JfkMSP", HostPort.parse("127.0.0.1:8051"),
                    "LgaMSP", HostPort.parse("127.0.0.1:9051")),
            List.of(HostPort.parse("127.0.0.1:7050")));

    @TempDir
    static Path folder;

    private static Organisations organisations;

    @BeforeAll
    static void make() {
        organisations = Organisations.open(folder.resolve("organizations"), OrganisationsPlan.of(3), Clock.systemUTC());
    }

    @Test
    void names_organisations_that_know_their_members() {
        Block block = ConfigBlock.genesis("selvage", organisations, ENDPOINTS, Clock.systemUTC());
        ChannelOrganisations read = ConfigBlock.organisations(block);
        assertThat(read.all())
                .containsExactlyInAnyOrderElementsOf(organisations.channel().all());
        assertThat(read.peerMsps()).containsExactly("EwrMSP", "JfkMSP", "LgaMSP");
        assertThat(read.identify(organisations.get("LgaMSP").signer("node1").serializedIdentity()))
                .isInstanceOf(Known.class);
    }

    @Test
    void has_the_groups_values_and_hash_of_a_genesis_block() throws Exception {
        Block block = ConfigBlock.genesis("selvage", organisations, ENDPOINTS, Clock.systemUTC());
        assertThat(block.getHeader().getNumber()).isZero();
        assertThat(block.getHeader().getPreviousHash().isEmpty()).isTrue();
        assertThat(block.getHeader().getDataHash().toByteArray())
                .isEqualTo(MessageDigest.getInstance("SHA-256")
                        .digest(block.getData().getData(0).toByteArray()));
        ConfigGroup channel = ConfigBlock.configEnvelope(block).getConfig().getChannelGroup();
        assertThat(channel.getGroupsMap()).containsOnlyKeys("Application", "Orderer");
        ConfigGroup application = channel.getGroupsOrThrow("Application");
        assertThat(application.getPoliciesMap())
                .containsKeys("Readers", "Writers", "Admins", "Endorsement", "LifecycleEndorsement");
        assertThat(application.getGroupsOrThrow("EwrMSP").getValuesMap()).containsOnlyKeys("MSP", "AnchorPeers");
    }

    @Test
    void refuses_a_channel_without_addresses() {
        Endpoints partial = new Endpoints(Map.of(), ENDPOINTS.orderers());
        assertThatThrownBy(() -> ConfigBlock.genesis("selvage", organisations, partial, Clock.systemUTC()))
                .isInstanceOf(SelvageException.class)
                .hasMessageContaining("EwrMSP has no peer address");
        assertThatThrownBy(() -> ConfigBlock.organisations(Block.getDefaultInstance()))
                .isInstanceOf(SelvageException.class);
    }

    @Test
    void a_definition_signed_by_an_admin_is_believed_and_no_other() {
        ChaincodeDefinition definition = new ChaincodeDefinition(
                "assets",
                "1.0",
                1,
                HostPort.parse("127.0.0.1:7061"),
                SignaturePolicy.parse("OR('EwrMSP.peer')"),
                Optional.empty());
        Organisation ewr = organisations.get("EwrMSP");
        ChannelOrganisations channel = organisations.channel();
        String stored = SignedDefinition.sign(definition, ewr.signer("Admin")).toJson();
        assertThat(SignedDefinition.fromJson(stored).verify(channel)).isEqualTo(definition);
        SignedDefinition forged = SignedDefinition.fromJson(stored.replace("7061", "7062"));
        assertThatThrownBy(() -> forged.verify(channel)).hasMessageContaining("NOT_PERMITTED");
        SignedDefinition byUser = SignedDefinition.sign(definition, ewr.signer("User1"));
        assertThatThrownBy(() -> byUser.verify(channel)).hasMessageContaining("not an admin");
        SignedDefinition byOrderer =
                SignedDefinition.sign(definition, organisations.orderer().signer("Admin"));
        assertThatThrownBy(() -> byOrderer.verify(channel)).hasMessageContaining("not an admin");
        assertThatThrownBy(() -> SignedDefinition.fromJson("{}")).isInstanceOf(SelvageException.class);
    }

    @Test
    void a_policy_for_strangers_is_refused() {
        ChaincodeDefinition definition = new ChaincodeDefinition(
                "assets",
                "1.0",
                1,
                HostPort.parse("127.0.0.1:7061"),
                SignaturePolicy.parse("OR('BosMSP.peer')"),
                Optional.empty());
        SignedDefinition signed =
                SignedDefinition.sign(definition, organisations.get("EwrMSP").signer("Admin"));
        assertThatThrownBy(() -> signed.verify(organisations.channel())).hasMessageContaining("BosMSP");
    }

    @Test
    void the_connection_profile_names_peer_and_root() throws Exception {
        Organisation jfk = organisations.get("JfkMSP");
        ConnectionProfile profile = new ConnectionProfile(jfk, HostPort.parse("127.0.0.1:8051"));
        profile.write();
        profile.write();
        var json = new ObjectMapper().readTree(Files.readString(profile.file("json")));
        assertThat(json.at("/organizations/jfk/mspid").asText()).isEqualTo("JfkMSP");
        assertThat(json.at("/peers/peer0.jfk.example/url").asText()).isEqualTo("grpcs://127.0.0.1:8051");
        assertThat(json.at("/peers/peer0.jfk.example/tlsCACerts/pem").asText()).startsWith("-----BEGIN CERTIFICATE");
        assertThat(Files.readString(profile.file("yaml")))
                .contains("    mspid: \"JfkMSP\"\n", "      pem: |\n        -----BEGIN CERTIFICATE-----\n");
    }
}
