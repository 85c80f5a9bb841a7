package dev.selvage.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.model.CanonicalJson;
import dev.selvage.network.org.Organisations;
import dev.selvage.network.org.OrganisationsPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Real faults on a local network, and the code that {@code doctor} and the ordinary commands have for each. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DoctorIT {
    private static final Duration ELEVEN_YEARS = Duration.ofDays(4000);

    @TempDir
    private static Path folder;

    private static Network network;

    @BeforeAll
    static void start() {
        network = new Network(folder);
        done(network.run("network", "up", "--port-shift", Integer.toString(network.shift)));
        for (String msp : List.of("EwrMSP", "JfkMSP")) {
            done(network.run("node", "start", msp + "/node1"));
        }
    }

    @AfterAll
    static void stop() {
        network.close();
    }

    private static void done(Network.Answer answer) {
        assertThat(answer.status()).as(answer.err()).isZero();
    }

    /** A copy of the user's profile with a change. */
    private static String profile(String name, UnaryOperator<String> change) throws IOException {
        var right = Files.readString(network.data.resolve("profiles/local.yaml"));
        var wrong = change.apply(right);
        assertThat(wrong).isNotEqualTo(right);
        return Files.writeString(network.data.resolve("profiles/" + name + ".yaml"), wrong)
                .toString();
    }

    private static String with(String profile, String key, String text) {
        return profile.replaceAll("(?m)^( *)" + key + ": .*$", "$1" + key + ": " + text);
    }

    private static Network.Answer doctor(String... arguments) {
        List<String> all = new ArrayList<>(List.of("doctor"));
        all.addAll(List.of(arguments));
        return network.run(all.toArray(String[]::new));
    }

    /** The failed checks: {@code subject|check|code}. */
    private static List<String> failed(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--output", "json"));
        var answer = doctor(all.toArray(String[]::new));
        JsonNode found = CanonicalJson.parse(answer.out());
        var failed = StreamSupport.stream(found.get("checks").spliterator(), false)
                .filter(check -> check.get("result").asText().equals("fail"))
                .map(check -> check.get("subject").asText() + "|"
                        + check.get("check").asText() + "|"
                        + check.get("code").asText())
                .toList();
        assertThat(answer.status()).isEqualTo(failed.isEmpty() ? 0 : 6);
        assertThat(found.get("ok").asBoolean()).isEqualTo(failed.isEmpty());
        return failed;
    }

    private static void bothSay(String code, String profile) {
        var doctor = doctor("EwrMSP", "--profile", profile);
        assertThat(doctor.status()).isEqualTo(6);
        assertThat(doctor.out()).contains("fail ").contains(code + " ");
        assertThat(doctor.fault()).startsWith("CHECK_FAILED").contains(code);
        var list = network.run("task", "list", "--profile", profile);
        assertThat(list.fault()).startsWith(code + " ");
        assertThat(list.status()).isIn(1, 2);
    }

    @Test
    @Order(1)
    void all_is_well_between_two_organisations_in_both_directions() {
        var answer = doctor("ewr", "jfk");
        assertThat(answer.status()).as(answer.out() + answer.err()).isZero();
        assertThat(answer.out())
                .contains("EwrMSP -> JfkMSP", "JfkMSP -> EwrMSP", "both peers endorse")
                .contains("EwrMSP/node1 -> JfkMSP/node1  clocks", "JfkMSP/node1 -> EwrMSP/node1  clocks")
                .contains("none failed")
                .doesNotContain("LgaMSP/node1");
    }

    @Test
    @Order(2)
    void wrong_channel() throws IOException {
        bothSay("CHANNEL_UNKNOWN", profile("wrong-channel", text -> with(text, "channel", "nochannel")));
    }

    @Test
    @Order(2)
    void wrong_msp() throws IOException {
        bothSay("MSP_MISMATCH", profile("wrong-msp", text -> with(text, "msp", "JfkMSP")));
    }

    @Test
    @Order(2)
    void name_that_the_peers_tls_certificate_does_not_have() throws IOException {
        bothSay("TLS_NAME_MISMATCH", profile("name", text -> with(text, "serverName", "peer0.elsewhere.example")));
    }

    @Test
    @Order(2)
    void tls_root_of_another_organisation() throws IOException {
        var profile = profile(
                "root",
                text -> text.replaceFirst(
                        "(tlsRoot: .*)ewr\\.example(/.*)ewr\\.example", "$1jfk.example$2jfk.example"));
        bothSay("TLS_UNTRUSTED", profile);
    }

    @Test
    @Order(2)
    void expired_certificate_and_key_of_another() throws IOException {
        var longAgo = Clock.fixed(Instant.now().minus(ELEVEN_YEARS), ZoneOffset.UTC);
        var old = Organisations.open(folder.resolve("old"), OrganisationsPlan.of(1), longAgo)
                .get("EwrMSP")
                .identity("User1");
        var key = with(Files.readString(network.data.resolve("profiles/local.yaml")), "key", "\"" + old.key() + "\"");
        bothSay("KEY_MISMATCH", profile("key", text -> key));
        bothSay(
                "CERTIFICATE_EXPIRED",
                profile("expired", text -> with(key, "certificate", "\"" + old.certificate() + "\"")));
    }

    @Test
    @Order(2)
    void certificate_that_expires_soon_is_only_warned_of() {
        var answer = doctor("EwrMSP", "--expiry-days", "5000");
        assertThat(answer.status()).isZero();
        assertThat(answer.out()).contains("warn").contains("CERTIFICATE_EXPIRING The certificate expires at ");
    }

    @Test
    @Order(2)
    void chaincode_that_is_not_committed_or_of_another_version() throws IOException {
        bothSay("CHAINCODE_UNKNOWN", profile("chaincode", text -> with(text, "chaincode", "nothing")));
        assertThat(failed("EwrMSP", "--chaincode-version", "9.9"))
                .containsExactly("EwrMSP|chaincode off-chain-compute|CHAINCODE_VERSION");
        assertThat(failed("EwrMSP", "--chaincode-sequence", "7"))
                .containsExactly("EwrMSP|chaincode off-chain-compute|CHAINCODE_VERSION");
    }

    @Test
    @Order(2)
    void organisation_that_is_not_on_the_channel() {
        assertThat(failed("EwrMSP", "BosMSP")).contains("BosMSP|organisation|MSP_MISMATCH");
    }

    @Test
    @Order(2)
    void bound_of_the_clocks_is_a_duration() {
        assertThat(doctor("EwrMSP", "--max-skew", "soon").status()).isEqualTo(2);
    }

    @Test
    @Order(2)
    void commands_go_on_with_the_next_peer_of_the_profile_and_doctor_tells_of_the_first() throws IOException {
        int nobody = Network.freePort();
        var two = profile(
                "two", text -> text.replaceFirst("endpoint: (\".+\")", "endpoint: [\"127.0.0.1:" + nobody + "\", $1]"));
        done(network.run("task", "list", "--profile", two));
        var admin = Files.readString(Path.of(two)).replace("User1", "Admin");
        var certificate = network.data.resolve(
                "ledger/crypto/peerOrganizations/ewr.example/users/User1@ewr.example/msp/signcerts/User1@ewr.example-cert.pem");
        done(network.run(
                "node",
                "register",
                "node7",
                "--certificate",
                certificate.toString(),
                "--profile",
                Files.writeString(network.data.resolve("profiles/two-admin.yaml"), admin)
                        .toString()));
        assertThat(failed("EwrMSP", "--profile", two))
                .containsExactly("EwrMSP|link to 127.0.0.1:" + nobody + "|LEDGER_UNREACHABLE");
    }

    @Test
    @Order(3)
    void node_that_does_not_run_is_missed_from_both_sides() {
        done(network.run("node", "stop", "JfkMSP/node1"));
        assertThat(failed("EwrMSP", "JfkMSP"))
                .containsExactly(
                        "JfkMSP/node1|node|NODE_UNREACHABLE", "EwrMSP/node1 -> JfkMSP/node1|link|PEER_UNREACHABLE");
    }

    @Test
    @Order(3)
    void node_that_was_never_started_and_one_whose_key_is_not_registered() throws IOException {
        var file = network.data.resolve("nodes/lga/node.yaml");
        assertThat(failed("EwrMSP", "LgaMSP"))
                .contains("LgaMSP/node1|node|NODE_UNREACHABLE", "EwrMSP/node1 -> LgaMSP/node1|link|PEER_UNREACHABLE");
        var right = Files.readString(file);
        Files.writeString(file, right.replace("node1@lga.example", "User1@lga.example"));
        assertThat(failed("LgaMSP")).contains("LgaMSP/node1|registration|NODE_UNKNOWN");
        Files.writeString(file, right);
    }

    @Test
    @Order(4)
    void process_of_the_contract_that_has_gone() {
        network.process("chaincode-off-chain-compute").destroyForcibly();
        assertThat(failed("EwrMSP", "JfkMSP"))
                .contains(
                        "EwrMSP|contract's process|CHAINCODE_UNREACHABLE",
                        "JfkMSP|contract's process|CHAINCODE_UNREACHABLE");
        assertThat(network.run("task", "list").fault()).startsWith("CHAINCODE_UNREACHABLE ");
    }

    @Test
    @Order(5)
    void ledger_that_has_gone() {
        network.process("ledger").destroyForcibly();
        var failed = failed();
        assertThat(failed).hasSize(3).allMatch(one -> one.endsWith("|LEDGER_UNREACHABLE"));
    }
}
