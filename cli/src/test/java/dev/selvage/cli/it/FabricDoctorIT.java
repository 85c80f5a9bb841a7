package dev.selvage.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.network.org.Organisations;
import dev.selvage.network.org.OrganisationsPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The faults of {@link DoctorIT} in Fabric's own words, and those that only Fabric has: on a channel whose ACLs were narrowed, with four BFT orderers. */
@EnabledIfSystemProperty(named = FabricNetwork.BINARIES, matches = ".+", disabledReason = FabricNetwork.SKIPPED)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FabricDoctorIT {
    private static final Duration ELEVEN_YEARS = Duration.ofDays(4000);

    @TempDir
    private static Path folder;

    private static FabricNetwork fabric;
    private static Network network;

    @BeforeAll
    static void start_a_channel_where_only_most_admins_together_may_follow_blocks() throws Exception {
        fabric = new FabricNetwork(folder);
        network = fabric.network;
        done(network.run(
                "network",
                "prepare",
                "--fabric",
                FabricNetwork.binaries(),
                "--profile",
                "bft",
                "--orgs",
                "2",
                "--port-shift",
                Integer.toString(network.shift)));
        var file = network.data.resolve("ledger/fabric/config/configtx.yaml");
        var usual = Files.readString(file);
        var narrowed = usual.replaceFirst(
                "(?m)^( +)(Application:\n)", "$1$2$1  ACLs: {event/Block: /Channel/Application/Admins}\n");
        assertThat(narrowed).isNotEqualTo(usual);
        Files.writeString(file, narrowed);
        var genesis = new ProcessBuilder(
                        Network.home().resolve("scripts/fabric").toString(), "genesis")
                .redirectErrorStream(true);
        genesis.environment().put("SELVAGE_DATA", network.data.toString());
        var process = genesis.start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        done(network.run("network", "up"));
    }

    @AfterAll
    static void stop() {
        fabric.close();
    }

    private static void done(Network.Answer answer) {
        assertThat(answer.status()).as(answer.err()).isZero();
    }

    /** A copy of the user's profile with one value changed. */
    private static String profile(String key, String value) throws IOException {
        return profile(key, text -> text.replaceAll("(?m)((?:^|[ {])" + key + ": )[^,}\n]+", "$1" + value));
    }

    private static String profile(String name, UnaryOperator<String> change) throws IOException {
        var right = Files.readString(network.data.resolve("profiles/local.yaml"));
        var wrong = change.apply(right);
        assertThat(wrong).isNotEqualTo(right);
        return Files.writeString(network.data.resolve("profiles/wrong-" + name + ".yaml"), wrong)
                .toString();
    }

    private static String doctor(String... arguments) {
        List<String> all = new ArrayList<>(List.of("doctor", "EwrMSP"));
        all.addAll(List.of(arguments));
        var answer = network.run(all.toArray(String[]::new));
        assertThat(answer.status()).as(answer.out() + answer.err()).isEqualTo(6);
        return answer.out();
    }

    /** Doctor finds it, an ordinary command meets it, and both say what to do. */
    private static void bothSay(String code, String nextStep, String profile) {
        assertThat(doctor("--profile", profile)).contains(code + " ").contains(nextStep);
        assertThat(network.run("task", "list", "--profile", profile).fault())
                .startsWith(code + " ")
                .contains(nextStep);
    }

    @Test
    @Order(1)
    void acl_that_keeps_an_identity_from_the_blocks() {
        assertThat(doctor())
                .containsPattern("fail +EwrMSP +block events +EVENTS_DENIED ")
                .contains("event/Block")
                .containsPattern("ok +EwrMSP +contract's process ");
    }

    @Test
    @Order(1)
    void wrong_channel_msp_and_tls_name() throws IOException {
        bothSay("CHANNEL_UNKNOWN", "peer channel list", profile("channel", "nochannel"));
        bothSay("MSP_MISMATCH", "identity.msp", profile("msp", "JfkMSP"));
        bothSay("TLS_NAME_MISMATCH", "ledger.serverName", profile("serverName", "peer0.elsewhere.example"));
    }

    @Test
    @Order(1)
    void expired_certificate() throws IOException {
        var longAgo = Clock.fixed(Instant.now().minus(ELEVEN_YEARS), ZoneOffset.UTC);
        var old = Organisations.open(folder.resolve("old"), OrganisationsPlan.of(1), longAgo)
                .get("EwrMSP")
                .identity("User1");
        bothSay(
                "CERTIFICATE_EXPIRED",
                "issue a new certificate",
                profile(
                        "expired",
                        text -> text.replaceAll("(?m)( certificate: ).*$", "$1\"" + old.certificate() + "\"")
                                .replaceAll("(?m)( key: ).*$", "$1\"" + old.key() + "\"")));
    }

    @Test
    @Order(1)
    void chaincode_that_is_not_committed_or_of_another_version() throws IOException {
        bothSay("CHAINCODE_UNKNOWN", "commit it", profile("chaincode", "nothing"));
        assertThat(doctor("--chaincode-version", "9.9")).contains("CHAINCODE_VERSION Committed is version ");
    }

    /** Three of four are needed: two that are left order nothing, although they answer. */
    @Test
    @Order(2)
    void too_few_orderers_for_a_leader() {
        FabricNetwork.kill(fabric.process("orderer2"));
        FabricNetwork.kill(fabric.process("orderer3"));
        assertThat(doctor())
                .contains("ORDERER_UNREACHABLE Nothing answers at 127.0.0.1:" + (9050 + network.shift))
                .contains("ORDERER_UNREACHABLE Nothing answers at 127.0.0.1:" + (10050 + network.shift))
                .contains("Start the orderers");
    }
}
