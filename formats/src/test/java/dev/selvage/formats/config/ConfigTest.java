package dev.selvage.formats.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.model.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {
    private static final String NODE = """
            selvage: node/v1
            node: EwrMSP/node1
            identity: {certificate: wallet/cert.pem, key: wallet/key.pem}
            tls: {certificate: wallet/tls.pem, key: wallet/tls.key}
            ledger: {endpoint: "127.0.0.1:7051", tlsRoot: ../ledger/ca.pem, serverName: peer0.ewr.example}
            listen: 127.0.0.1:7071
            """;
    private static final String PROFILE = """
            selvage: profile/v1
            ledger: {endpoint: ["127.0.0.1:7051", "127.0.0.1:7052"], tlsRoot: ca.pem}
            identity: {msp: EwrMSP, certificate: cert.pem, key: key.pem}
            nodes: {EwrMSP/node1: ../nodes/ewr/node.yaml}
            """;

    @TempDir
    private Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void node_file_gives_paths_beside_it_and_defaults_for_what_it_leaves_out() throws IOException {
        var config = NodeFile.read(file("node.yaml", NODE), Map.of());

        assertThat(config.node()).isEqualTo(new NodeId("EwrMSP", "node1"));
        assertThat(config.identity().key()).isEqualTo(folder.resolve("wallet/key.pem"));
        assertThat(config.ledger().tlsRoot()).contains(folder.resolveSibling("ledger/ca.pem"));
        assertThat(config.ledger().endpoint()).isEqualTo(new HostPort("127.0.0.1", 7051));
        assertThat(config.follow()).containsExactly(new NodeConfig.Follow("selvage", "off-chain-compute"));
        assertThat(config.advertise()).isEqualTo(new HostPort("127.0.0.1", 7071));
        assertThat(config.monitor()).isEmpty();
        assertThat(config.data()).isEqualTo(folder.resolve("data"));
        assertThat(config.engines()).isEqualTo(folder.resolve("engines"));
        assertThat(config.limits()).isEqualTo(NodeConfig.Limits.DEFAULT);
    }

    @Test
    void node_file_sets_follow_capacity_limits_and_retention() throws IOException {
        var config = NodeFile.read(file("node.yaml", NODE + """
                        follow: [{channel: a, chaincode: b}, {channel: a, chaincode: c}]
                        monitor: 127.0.0.1:0
                        advertise: ewr.example:7071
                        data: .
                        capacity: {cpus: 500m, memory: 1Gi, storage: 2Gi}
                        limits: {queue: 5, batch: 10}
                        retention: {content: 1h, contentSize: 1Mi, journal: 7d}
                        """), Map.of());

        assertThat(config.follow()).hasSize(2);
        assertThat(config.monitor()).contains(new HostPort("127.0.0.1", 0));
        assertThat(config.data()).isEqualTo(folder);
        assertThat(config.capacity()).isEqualTo(new NodeConfig.Capacity(500, 1L << 30, 2L << 30));
        assertThat(config.limits()).isEqualTo(new NodeConfig.Limits(5, 8, 10, 8, 4L << 30));
        assertThat(config.retention())
                .isEqualTo(new NodeConfig.Retention(Duration.ofHours(1), 1L << 20, Duration.ofDays(7)));
    }

    @Test
    void written_node_file_reads_back_the_same() throws IOException {
        var config = NodeFile.read(
                file("node.yaml", NODE + "limits: {queue: 5}\nretention: {content: 1h}\nmonitor: 127.0.0.1:9\n"),
                Map.of());
        assertThat(NodeFile.read(file("node.yaml", NodeFile.write(config)), Map.of()))
                .isEqualTo(config);
    }

    @Test
    void written_profile_reads_back_the_same() throws IOException {
        var file = file("local.yaml", PROFILE);
        var profile = ProfileFile.read(file, Map.of());
        assertThat(profile.name()).isEqualTo("local");
        assertThat(profile.ledger().endpoints()).hasSize(2);
        assertThat(profile.nodes())
                .containsEntry(new NodeId("EwrMSP", "node1"), folder.resolveSibling("nodes/ewr/node.yaml"));
        assertThat(ProfileFile.read(file("local.yaml", ProfileFile.write(file, profile)), Map.of()))
                .isEqualTo(profile);
    }

    @Test
    void each_peer_may_have_a_name_of_its_own() throws IOException {
        var file = file(
                "local.yaml",
                PROFILE.replace("tlsRoot: ca.pem", "tlsRoot: ca.pem, serverName: [a.example, b.example]"));
        var profile = ProfileFile.read(file, Map.of());
        assertThat(profile.ledger().serverName(profile.ledger().endpoints().get(1)))
                .contains("b.example");
        assertThat(ProfileFile.read(file("local.yaml", ProfileFile.write(file, profile)), Map.of()))
                .isEqualTo(profile);
        var one = file("one.yaml", PROFILE.replace("tlsRoot: ca.pem", "serverName: a.example"));
        var ledger = ProfileFile.read(one, Map.of()).ledger();
        assertThat(ledger.serverName(ledger.endpoints().get(1))).contains("a.example");
        var wrong = file(
                "wrong.yaml",
                PROFILE.replace("127.0.0.1:7052", "127.0.0.1:7052\", \"127.0.0.1:7053")
                        .replace("tlsRoot: ca.pem", "serverName: [a.example, b.example]"));
        assertThatThrownBy(() -> ProfileFile.read(wrong, Map.of())).hasMessageContaining("one for each endpoint");
    }

    @Test
    void environment_overrides_the_file() throws IOException {
        var config = NodeFile.read(
                file("node.yaml", NODE),
                Map.of(
                        "SELVAGE_NODE_LISTEN", "127.0.0.1:9999",
                        "SELVAGE_NODE_LEDGER_SERVERNAME", "other.example",
                        "SELVAGE_NODE_CAPACITY_CPUS", "1"));
        assertThat(config.listen().port()).isEqualTo(9999);
        assertThat(config.ledger().serverNames()).containsExactly("other.example");
        assertThat(config.capacity().cpus()).isEqualTo(1000);
    }

    @Test
    void a_wrong_override_is_told_by_its_variable() throws IOException {
        var file = file("node.yaml", NODE);
        assertThatThrownBy(() -> NodeFile.read(file, Map.of("SELVAGE_NODE_LISTEN", "here")))
                .hasMessage("CONFIG_INVALID environment SELVAGE_NODE_LISTEN:1:1 listen: expected an address such as"
                        + " 127.0.0.1:7051, found \"here\" (1 problem)");
    }

    @Test
    void all_problems_of_a_node_file_are_told_at_once() throws IOException {
        var file = file("node.yaml", """
                selvage: node/v2
                node: EwrMSP
                identity: {certificate: c.pem}
                tls: {certificate: c.pem, key: k.pem, pasword: x}
                ledger: {endpoint: localhost}
                listen: 127.0.0.1:70710
                capacity: {memory: 2}
                retntion: {}
                """);
        assertThatThrownBy(() -> NodeFile.read(file, Map.of()))
                .message()
                .satisfies(text -> assertThat(text.replace(file + ":", "")).isEqualTo("""
                        CONFIG_INVALID 1:10 selvage: unknown value "node/v2"; did you mean "node/v1"?
                        2:7 node: A node is written MSP/node, such as EwrMSP/node1, not "EwrMSP"
                        3:11 identity: missing key "key"
                        4:39 tls: unknown key "pasword"
                        5:20 ledger.endpoint: expected an address such as 127.0.0.1:7051, found "localhost"
                        6:9 listen: expected an address such as 127.0.0.1:7051, found "127.0.0.1:70710"
                        7:20 capacity.memory: expected a size with its unit, such as 512B, 16Ki, 64Mi or 4Gi, found 2
                        8:1 unknown key "retntion"; did you mean "retention"?
                        (8 problems)"""));
    }

    @Test
    void a_key_in_the_file_itself_is_refused_and_not_repeated() throws IOException {
        var file = file("local.yaml", PROFILE.replace("key: key.pem", "key: \"-----BEGIN PRIVATE KEY-----abc\""));
        assertThatThrownBy(() -> ProfileFile.read(file, Map.of()))
                .hasMessageStartingWith("SECRET_IN_FILE ")
                .hasMessageContaining("identity.key: write the path of the key's file, not the key itself")
                .hasMessageNotContaining("abc");
    }
}
