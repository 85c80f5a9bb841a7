package dev.selvage.agent.peer;

import static dev.selvage.agent.Faults.assertFault;
import static dev.selvage.agent.peer.TestOrganisation.encoded;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.agent.peer.ChannelRoots.Authorities;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.network.org.ConfigBlock;
import dev.selvage.network.org.Endpoints;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.Organisations;
import dev.selvage.network.org.OrganisationsPlan;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberCheckTest {
    private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");

    private final TestOrganisation ewr = new TestOrganisation("EwrMSP", NOW);
    private final TestOrganisation jfk = new TestOrganisation("JfkMSP", NOW);
    private final MemberCheck members =
            new MemberCheck(new ChannelRoots(List.of(ewr.authorities(), jfk.authorities())));

    private static HostPort local(int port) {
        return new HostPort("127.0.0.1", port);
    }

    private void refused(String msp, X509Certificate certificate, Instant now, String why) {
        assertFault(ErrorCode.IDENTITY_INVALID, () -> members.member(msp, encoded(certificate), now))
                .contains(why);
    }

    @Test
    void knows_a_member_by_organisation_name_and_key() {
        var user = ewr.client("User1@ewr.example");
        var member = members.member("EwrMSP", encoded(user.certificate()), NOW);
        assertThat(member.party()).isEqualTo(new Facts.Party("EwrMSP", "User1@ewr.example"));
        assertThat(member.unit()).isEqualTo("client");
        assertThat(member.spki()).isEqualTo(user.spki());
        byte[] message = "hello".getBytes(UTF_8);
        assertThat(members.signed(member, message, user.sign(message))).isTrue();
        assertThat(members.signed(member, "hullo".getBytes(UTF_8), user.sign(message)))
                .isFalse();
        assertThat(members.signed(member, message, ewr.client("other").sign(message)))
                .isFalse();
        assertThat(members.signed(member, message, new byte[] {1, 2, 3})).isFalse();
        assertThat(members.signed(member, message, new byte[0])).isFalse();
        assertThat(members.signed(member, message, new byte[10_000])).isFalse();
    }

    @Test
    void refuses_another_organisations_member() {
        refused("EwrMSP", jfk.client("User1").certificate(), NOW, "not issued by an authority of EwrMSP");
        refused("BosMSP", jfk.client("User1").certificate(), NOW, "no organisation of the channel");
    }

    @Test
    void refuses_a_certificate_of_an_authority_with_the_same_name() {
        var impostor = new TestOrganisation("EwrMSP", NOW);
        refused("EwrMSP", impostor.client("User1").certificate(), NOW, "not issued by an authority");
    }

    @Test
    void refuses_certificates_out_of_their_time_even_when_known() {
        var late = ewr.member("OU=client,CN=old", NOW.minus(Duration.ofDays(9)), NOW.plusSeconds(60));
        members.member("EwrMSP", encoded(late.certificate()), NOW);
        refused("EwrMSP", late.certificate(), NOW.plusSeconds(61), "and now is");
        var early = ewr.member("OU=client,CN=new", NOW.plusSeconds(60), NOW.plus(Duration.ofDays(9)));
        refused("EwrMSP", early.certificate(), NOW, "and now is");
    }

    @Test
    void refuses_an_authority_and_whoever_has_no_single_unit() {
        refused("EwrMSP", ewr.authority(), NOW, "an authority's certificate is no member's");
        Instant until = NOW.plus(Duration.ofDays(9));
        refused("EwrMSP", ewr.member("CN=none", NOW.minusSeconds(9), until).certificate(), NOW, "exactly one");
        refused(
                "EwrMSP",
                ewr.member("OU=client,OU=admin,CN=both", NOW.minusSeconds(9), until)
                        .certificate(),
                NOW,
                "exactly one");
    }

    @Test
    void refuses_what_is_no_certificate_and_what_is_too_large() {
        assertFault(ErrorCode.IDENTITY_INVALID, () -> members.member("EwrMSP", "rubbish".getBytes(UTF_8), NOW));
        assertFault(ErrorCode.IDENTITY_INVALID, () -> members.member("EwrMSP", new byte[0], NOW));
        assertFault(ErrorCode.IDENTITY_INVALID, () -> members.member("EwrMSP", new byte[20_000], NOW));
    }

    @Test
    void follows_a_chain_over_an_intermediate_only_where_the_channel_names_it() {
        var between = ewr.intermediate("ica.EwrMSP");
        var issued = ewr.issue(
                between, "OU=client,CN=User2", NOW.minusSeconds(9), NOW.plus(Duration.ofDays(9)), false, false);
        refused("EwrMSP", issued.certificate(), NOW, "not issued by an authority");
        var roots = ewr.authorities();
        var with = new MemberCheck(new ChannelRoots(List.of(new Authorities(
                "EwrMSP", roots.roots(), List.of(between.certificate()), roots.tlsRoots(), List.of()))));
        assertThat(with.member("EwrMSP", encoded(issued.certificate()), NOW)
                        .party()
                        .id())
                .isEqualTo("User2");
    }

    @Test
    void reads_the_organisations_roots_from_the_channels_configuration_block(@TempDir Path folder) {
        var organisations = Organisations.open(folder, OrganisationsPlan.of(3), Clock.systemUTC());
        var endpoints = new Endpoints(
                Map.of(
                        "EwrMSP", local(7051),
                        "JfkMSP", local(8051),
                        "LgaMSP", local(9051)),
                List.of(local(7050)));
        var block = ConfigBlock.genesis("selvage", organisations, endpoints, Clock.systemUTC());
        var roots = ChannelRoots.fromConfigBlock(block.toByteArray());
        assertThat(roots.msps()).containsExactly("EwrMSP", "JfkMSP", "LgaMSP");
        assertThat(roots.tlsRoots()).hasSize(3);

        var files = organisations.get("JfkMSP").identity("User1");
        var user = MemberSigner.read("JfkMSP", files.certificate(), files.key());
        var check = new MemberCheck(roots);
        var member = check.member("JfkMSP", encoded(user.certificate()), Instant.now());
        assertThat(member.spki())
                .isEqualTo(Digest.of(user.certificate().getPublicKey().getEncoded()));
        byte[] message = "hello".getBytes(UTF_8);
        assertThat(check.signed(member, message, user.sign(message))).isTrue();
    }

    @Test
    void refuses_what_is_no_configuration_block() {
        assertFault(ErrorCode.LEDGER_REFUSED, () -> ChannelRoots.fromConfigBlock("rubbish".getBytes(UTF_8)));
        assertFault(ErrorCode.LEDGER_REFUSED, () -> ChannelRoots.fromConfigBlock(new byte[0]));
        assertFault(ErrorCode.LEDGER_REFUSED, () -> ChannelRoots.fromConfigBlock(new byte[17 << 20]))
                .contains("more than");
    }
}
