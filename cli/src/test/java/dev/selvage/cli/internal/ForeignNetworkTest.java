package dev.selvage.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.cli.internal.local.ForeignNetwork;
import dev.selvage.formats.config.HostPort;
import dev.selvage.formats.config.NodeFile;
import dev.selvage.formats.config.ProfileFile;
import dev.selvage.network.org.ConnectionProfile;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.Organisations;
import dev.selvage.network.org.OrganisationsPlan;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages and profiles for a network that somebody else runs; no network is needed. */
class ForeignNetworkTest {
    @TempDir
    private Path folder;

    private Organisation organisation;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void organisations() throws Exception {
        organisation = Organisations.open(folder.resolve("crypto"), OrganisationsPlan.of(1), Clock.systemUTC())
                .get("EwrMSP");
        new ConnectionProfile(organisation, dev.selvage.network.org.HostPort.parse("127.0.0.1:7051")).write();
    }

    private int run(String... arguments) {
        return SelvageCommand.execute(arguments, Map.of(), new PrintWriter(out), new PrintWriter(err, true));
    }

    private String connection() {
        return organisation.folder().resolve("connection-ewr.json").toString();
    }

    @Test
    void profile_is_made_of_a_connection_profile_and_an_msp_folder() {
        var user = organisation.identity("User1");
        assertThat(run(
                        "network",
                        "import",
                        connection(),
                        "--identity",
                        user.mspFolder().toString(),
                        "--channel",
                        "mychannel",
                        "--out",
                        folder.resolve("out").toString()))
                .as(err.toString())
                .isZero();
        var profile = ProfileFile.read(folder.resolve("out/profile.yaml"), Map.of());
        assertThat(profile.msp()).isEqualTo("EwrMSP");
        assertThat(profile.channel()).isEqualTo("mychannel");
        assertThat(profile.ledger().endpoints()).containsExactly(new HostPort("127.0.0.1", 7051));
        assertThat(profile.ledger().serverNames()).containsExactly("peer0.ewr.example");
        assertThat(profile.ledger().tlsRoot().orElseThrow())
                .hasSameTextualContentAs(user.tls().roots());
        assertThat(profile.identity().key()).isEqualTo(user.key());
    }

    @Test
    void further_peers_keep_their_own_roots_and_names() throws Exception {
        var file = Files.writeString(folder.resolve("two.yaml"), """
                organizations: {Ewr: {mspid: EwrMSP, peers: [one, two, three, plain]}}
                peers:
                  one:
                    url: grpcs://localhost:7051
                    tlsCACerts: {pem: "ROOT ONE\\n"}
                    grpcOptions: {ssl-target-name-override: peer0.ewr.example, hostnameOverride: peer0.ewr.example}
                  two:
                    url: grpcs://localhost:7151
                    tlsCACerts: {pem: "ROOT TWO"}
                    grpcOptions: {ssl-target-name-override: peer1.ewr.example}
                  three:
                    url: grpcs://localhost:7251
                    tlsCACerts: {pem: ["ROOT TWO\\n"]}
                  plain: {url: "grpc://localhost:7351"}
                """);
        var network = ForeignNetwork.read(file, null);
        assertThat(network.peers()).extracting(HostPort::port).containsExactly(7051, 7151, 7251);
        assertThat(network.roots()).contains("ROOT ONE\nROOT TWO\n");
        assertThat(network.serverNames()).containsExactly("peer0.ewr.example", "peer1.ewr.example", "localhost");
        assertThat(network.left()).containsExactly("plain");
    }

    @Test
    void wallets_entry_becomes_files_of_which_the_key_is_the_users_alone() throws Exception {
        var user = organisation.identity("User1");
        var wallet = Files.createDirectory(folder.resolve("wallet"));
        Files.writeString(
                wallet.resolve("appUser.id"),
                "{\"credentials\":{\"certificate\":" + json(user.certificate()) + ",\"privateKey\":" + json(user.key())
                        + "},\"mspId\":\"EwrMSP\",\"type\":\"X.509\",\"version\":1}");
        var node = organisation.identity("node1");
        assertThat(run(
                        "network",
                        "import",
                        organisation.folder().resolve("connection-ewr.yaml").toString(),
                        "--identity",
                        wallet.toString(),
                        "--label",
                        "appUser",
                        "--channel",
                        "mychannel",
                        "--out",
                        folder.resolve("out").toString(),
                        "--node",
                        "node1",
                        "--listen",
                        "10.0.0.5:7071",
                        "--tls-cert",
                        node.tls().certificate().toString(),
                        "--tls-key",
                        node.tls().key().toString()))
                .as(err.toString())
                .isZero();
        var config = NodeFile.read(folder.resolve("out/node.yaml"), Map.of());
        assertThat(config.node()).hasToString("EwrMSP/node1");
        assertThat(config.follow()).extracting("channel").containsExactly("mychannel");
        assertThat(config.identity().key()).hasSameTextualContentAs(user.key());
        assertThat(Files.getPosixFilePermissions(config.identity().key()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    private static String json(Path file) throws Exception {
        return "\"" + Files.readString(file).replace("\n", "\\n") + "\"";
    }

    @Test
    void identity_of_another_organisation_is_refused() throws Exception {
        var wallet = Files.createDirectory(folder.resolve("wallet"));
        Files.writeString(
                wallet.resolve("other.id"),
                "{\"credentials\":{\"certificate\":\"c\",\"privateKey\":\"k\"},\"mspId\":\"JfkMSP\",\"type\":\"X.509\"}");
        assertThat(run(
                        "network",
                        "import",
                        connection(),
                        "--identity",
                        wallet.resolve("other.id").toString(),
                        "--channel",
                        "c",
                        "--out",
                        folder.resolve("out").toString()))
                .isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(err.toString()).contains("IDENTITY_INVALID").contains("is of JfkMSP");
        assertThat(folder.resolve("out/key.pem")).doesNotExist();
    }

    @Test
    void each_peer_of_a_written_profile_has_the_name_of_its_certificate() throws Exception {
        new ConnectionProfile(
                        organisation,
                        List.of(
                                dev.selvage.network.org.HostPort.parse("127.0.0.1:7051"),
                                dev.selvage.network.org.HostPort.parse("127.0.0.1:7151")))
                .write();
        assertThat(run(
                        "network",
                        "import",
                        connection(),
                        "--identity",
                        organisation.identity("User1").mspFolder().toString(),
                        "--channel",
                        "c",
                        "--out",
                        folder.resolve("out").toString()))
                .isZero();
        assertThat(err.toString()).doesNotContain("left out");
        var ledger =
                ProfileFile.read(folder.resolve("out/profile.yaml"), Map.of()).ledger();
        assertThat(ledger.endpoints()).hasSize(2);
        assertThat(ledger.serverNames()).containsExactly("peer0.ewr.example", "peer1.ewr.example");
    }

    @Test
    void package_for_mutual_tls_is_readable_by_its_owner_alone() throws Exception {
        var tls = organisation.identity("node1").tls();
        var file = folder.resolve("cc.tar.gz");
        assertThat(run(
                        "network",
                        "chaincode",
                        "package",
                        "off-chain-compute",
                        "--address",
                        "{{.peername}}-cc.example:9999",
                        "--tls-root",
                        tls.roots().toString(),
                        "--client-cert",
                        tls.certificate().toString(),
                        "--client-key",
                        tls.key().toString(),
                        "--out",
                        file.toString()))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).containsPattern("Package off-chain-compute:[0-9a-f]{64} is in ");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(run("network", "chaincode", "package", "x", "--address", "http://nowhere", "--out", file + "2"))
                .isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(err.toString()).contains("is no address such as");
        assertThat(run("network", "chaincode", "package", "x", "--address", "a:1", "--client-key", "k"))
                .isEqualTo(ExitStatus.BAD_INPUT);
    }
}
