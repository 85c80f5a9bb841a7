package dev.selvage.network.org;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.Identification.Known;
import dev.selvage.network.org.Identification.Reason;
import dev.selvage.network.org.Identification.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrganisationsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    static Path folder;

    private static Organisations organisations;
    private static ChannelOrganisations channel;

    @BeforeAll
    static void make() {
        organisations = Organisations.open(folder.resolve("organizations"), OrganisationsPlan.of(3), CLOCK);
        channel = organisations.channel();
    }

    @Test
    void writes_the_folders_that_cryptogen_writes() {
        Path ewr = organisations.get("EwrMSP").folder();
        assertThat(List.of(
                        "ca/ca.ewr.example-cert.pem",
                        "ca/priv_sk",
                        "tlsca/tlsca.ewr.example-cert.pem",
                        "msp/cacerts/ca.ewr.example-cert.pem",
                        "msp/tlscacerts/tlsca.ewr.example-cert.pem",
                        "msp/config.yaml",
                        "peers/peer0.ewr.example/msp/signcerts/peer0.ewr.example-cert.pem",
                        "peers/peer0.ewr.example/msp/keystore/priv_sk",
                        "peers/peer0.ewr.example/tls/ca.crt",
                        "peers/peer0.ewr.example/tls/server.crt",
                        "peers/peer0.ewr.example/tls/server.key",
                        "users/Admin@ewr.example/msp/signcerts/Admin@ewr.example-cert.pem",
                        "users/User1@ewr.example/tls/client.crt",
                        "users/node1@ewr.example/tls/server.key"))
                .allSatisfy(file -> assertThat(ewr.resolve(file)).exists());
        assertThat(organisations
                        .root()
                        .resolve("ordererOrganizations/orderer.example/orderers/orderer0.orderer.example"))
                .isDirectory();
    }

    @Test
    void private_keys_are_readable_by_their_owner_alone() throws IOException {
        try (Stream<Path> all = Files.walk(organisations.root())) {
            List<Path> keys = all.filter(f -> f.getFileName().toString().matches("priv_sk|.*\\.key"))
                    .toList();
            assertThat(keys).hasSize(3 * (2 + 4 * 2) + 2 + 2 * 2);
            for (Path key : keys) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                        .isEqualTo("rw-------");
                assertThat(Files.readString(key)).startsWith("-----BEGIN PRIVATE KEY-----");
            }
        }
    }

    @Test
    void knows_each_identity_with_its_role() {
        assertThat(member("peer0").role()).isEqualTo(Role.PEER);
        assertThat(member("Admin").role()).isEqualTo(Role.ADMIN);
        assertThat(member("User1").role()).isEqualTo(Role.CLIENT);
        assertThat(member("node1").role()).isEqualTo(Role.CLIENT);
        assertThat(member("node1").msp()).isEqualTo("JfkMSP");
        assertThat(member("node1").spki()).hasSize(64);
    }

    @Test
    void verifies_what_a_member_signed_and_nothing_else() {
        OrganisationSigner signer = organisations.get("JfkMSP").signer("node1");
        byte[] message = "message".getBytes(StandardCharsets.UTF_8);
        byte[] signature = signer.sign(message);
        assertThat(channel.verify(member("node1"), message, signature)).isTrue();
        assertThat(channel.verify(member("User1"), message, signature)).isFalse();
        assertThat(channel.verify(member("node1"), "other".getBytes(StandardCharsets.UTF_8), signature))
                .isFalse();
        assertThat(channel.verify(member("node1"), message, new byte[0])).isFalse();
        assertThat(channel.verify(member("node1"), message, new byte[] {0x30, 0x02, 0x01}))
                .isFalse();
    }

    @Test
    void refuses_an_msp_that_is_not_on_the_channel() {
        ByteString foreign = identity("BosMSP", organisations.get("JfkMSP").signer("User1"));
        assertRefused(channel.identify(foreign), Reason.UNKNOWN_MSP);
    }

    @Test
    void refuses_a_certificate_of_another_organisation() {
        ByteString wrong = identity("EwrMSP", organisations.get("JfkMSP").signer("User1"));
        assertRefused(channel.identify(wrong), Reason.NOT_ISSUED_BY_MSP);
    }

    @Test
    void refuses_a_certificate_of_an_authority_with_the_same_name(@TempDir Path other) {
        Organisations twins = Organisations.open(other.resolve("organizations"), OrganisationsPlan.of(3), CLOCK);
        assertRefused(
                channel.identify(twins.get("EwrMSP").signer("User1").serializedIdentity()), Reason.NOT_ISSUED_BY_MSP);
    }

    @Test
    void refuses_an_authority_and_a_certificate_without_unit() throws IOException {
        Organisation ewr = organisations.get("EwrMSP");
        CertificateAuthority authority = new OrganisationFolder(ewr.folder(), ewr.domain(), CLOCK).authority("ca");
        assertRefused(
                channel.identify(
                        identity("EwrMSP", new OrganisationSigner("EwrMSP", authority.certificate(), authority.key()))),
                Reason.IS_AN_AUTHORITY);
        var unitless = authority.issueTls("somebody", List.of("somebody"), CLOCK);
        assertRefused(
                channel.identify(
                        identity("EwrMSP", new OrganisationSigner("EwrMSP", unitless.certificate(), unitless.key()))),
                Reason.BAD_UNIT);
    }

    @Test
    void refuses_rubbish() {
        assertRefused(channel.identify(ByteString.EMPTY), Reason.MALFORMED);
        assertRefused(channel.identify(ByteString.copyFromUtf8("rubbish")), Reason.MALFORMED);
        assertRefused(channel.identify(ByteString.copyFrom(new byte[20_000])), Reason.MALFORMED);
    }

    @Test
    void an_expired_certificate_is_refused_now_but_known_in_old_blocks() throws IOException {
        Organisation ewr = organisations.get("EwrMSP");
        var expired = new OrganisationFolder(ewr.folder(), ewr.domain(), CLOCK)
                .authority("ca")
                .issueSigning("Old@ewr.example", Role.CLIENT, NOW.minus(Duration.ofDays(2)), NOW.minusSeconds(1));
        ByteString identity =
                new OrganisationSigner("EwrMSP", expired.certificate(), expired.key()).serializedIdentity();
        assertRefused(channel.identify(identity, NOW), Reason.EXPIRED);
        assertThat(channel.identify(identity)).isInstanceOf(Known.class);
    }

    @Test
    void opens_again_with_the_same_certificates_and_refuses_another_plan() {
        Organisations again = Organisations.open(organisations.root(), OrganisationsPlan.of(3), CLOCK);
        assertThat(again.get("LgaMSP").signer("Admin").certificate())
                .isEqualTo(organisations.get("LgaMSP").signer("Admin").certificate());
        assertThatThrownBy(() -> Organisations.open(organisations.root(), OrganisationsPlan.of(2), CLOCK))
                .isInstanceOf(SelvageException.class)
                .hasMessageContaining("CONFIG_INVALID");
    }

    @Test
    void an_interrupted_creation_is_redone(@TempDir Path parent) throws IOException {
        Path unfinished = parent.resolve(".organizations.new-cut-short/peerOrganizations/ewr.example");
        Files.createDirectories(unfinished);
        Organisations made = Organisations.open(parent.resolve("organizations"), OrganisationsPlan.of(1), CLOCK);
        assertThat(made.peers()).hasSize(1);
        assertThat(unfinished).doesNotExist();
    }

    @Test
    void several_at_a_time_make_one_and_the_same(@TempDir Path parent) {
        var made = IntStream.range(0, 4)
                .parallel()
                .mapToObj(i -> Organisations.open(parent.resolve("organizations"), OrganisationsPlan.of(1), CLOCK))
                .map(all -> all.get("EwrMSP").signer("Admin").certificate())
                .collect(Collectors.toSet());
        assertThat(made).hasSize(1);
    }

    @Test
    void issues_a_further_user_even_after_an_interrupted_attempt(@TempDir Path parent) throws IOException {
        Organisations made = Organisations.open(parent.resolve("organizations"), OrganisationsPlan.of(1), CLOCK);
        Organisation ewr = made.get("EwrMSP");
        Files.createDirectories(ewr.folder().resolve("users/.User2@ewr.example.new/msp"));
        ewr.addUser("User2", Role.CLIENT);
        ewr.addNode("node2");
        assertThat(made.channel().identify(ewr.signer("User2").serializedIdentity()))
                .isInstanceOf(Known.class);
        assertThat(made.channel().identify(ewr.signer("node2").serializedIdentity()))
                .isInstanceOf(Known.class);
        assertThatThrownBy(() -> ewr.addUser("../evil", Role.CLIENT)).isInstanceOf(SelvageException.class);
    }

    private static Member member(String name) {
        OrganisationSigner signer = organisations.get("JfkMSP").signer(name);
        return channel.identify(signer.serializedIdentity(), NOW).fold(known -> known, refused -> {
            throw new AssertionError(refused.sentence());
        });
    }

    private static ByteString identity(String msp, OrganisationSigner signer) {
        return SerializedIdentity.newBuilder()
                .setMspid(msp)
                .setIdBytes(ByteString.copyFromUtf8(Pem.certificate(signer.certificate())))
                .build()
                .toByteString();
    }

    private static void assertRefused(Identification verdict, Reason reason) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
    }
}
