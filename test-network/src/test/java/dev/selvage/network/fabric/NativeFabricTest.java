package dev.selvage.network.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.model.SelvageException;
import dev.selvage.network.org.HostPort;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be told without Fabric's binaries; with them, FabricLedgerContractTest brings real networks up. */
class NativeFabricTest {
    @TempDir
    Path folder;

    @Test
    void names_the_binaries_that_are_missing() throws IOException {
        assertThatThrownBy(() -> FabricBinaries.in(folder))
                .isInstanceOf(SelvageException.class)
                .hasMessageContaining("TOOL_MISSING")
                .hasMessageContaining("\"peer\"");
        tool("peer", "echo ' Version: v3.1.5'");
        tool("orderer", "");
        assertThatThrownBy(() -> FabricBinaries.in(folder))
                .hasMessageContaining("lacks Fabric's configtxgen, osnadmin")
                .hasMessageContaining("./install-fabric.sh --fabric-version");
    }

    @Test
    void names_a_version_that_is_too_old() throws IOException {
        tools("echo ' Version: 1.4.12'");
        assertThatThrownBy(() -> FabricBinaries.in(folder))
                .hasMessageContaining("of Fabric 1.4.12")
                .hasMessageContaining("2.5 or 3.x");
        tools("echo nonsense");
        assertThatThrownBy(() -> FabricBinaries.in(folder)).hasMessageContaining("does not tell its version");
    }

    @Test
    void names_versions_that_do_not_belong_together() throws IOException {
        tools("echo ' Version: v3.1.5'");
        tool("orderer", "echo ' Version: v2.5.16'");
        assertThatThrownBy(() -> FabricBinaries.in(folder))
                .hasMessageContaining("TOOL_MISSING")
                .hasMessageContaining("mixes versions of Fabric")
                .hasMessageContaining("orderer=2.5.16")
                .hasMessageContaining("peer=3.1.5");
    }

    @Test
    void finds_binaries_in_a_folder_or_its_bin() throws IOException {
        tools("echo ' Version: v2.5.16'");
        assertThat(FabricBinaries.in(folder).version()).isEqualTo("2.5.16");
        Path outer = Files.createDirectory(folder.resolve("outer"));
        Files.createSymbolicLink(outer.resolve("bin"), folder);
        assertThat(FabricBinaries.in(outer).version()).isEqualTo("2.5.16");
    }

    @Test
    void bft_needs_fabric_3() throws IOException {
        tools("echo ' Version: v2.5.16'");
        FabricPlan plan = FabricPlan.onFreePorts(folder.resolve("network"), 1, FabricPlan.Profile.BFT);
        assertThatThrownBy(() -> NativeFabric.prepare(FabricBinaries.in(folder), plan, Clock.systemUTC()))
                .hasMessageContaining("TOOL_MISSING BFT orderers need Fabric 3")
                .hasMessageContaining("./install-fabric.sh --fabric-version 3");
        assertThat(folder.resolve("network")).doesNotExist();
    }

    @Test
    void a_program_that_hangs_is_given_up_and_ended() throws IOException {
        tools("sleep 77.5 & wait");
        assertThatThrownBy(() -> FabricBinaries.in(folder, Duration.ofMillis(300)))
                .hasMessageContaining("TOOL_MISSING")
                .hasMessageContaining("did not end in");
        assertThat(ProcessHandle.current().descendants().map(ProcessHandle::info))
                .noneMatch(info -> info.commandLine().orElse("").contains("77.5"));
    }

    @Test
    void an_opened_network_is_left_as_it_is_and_edits_by_hand_stay() throws IOException {
        tools("echo ' Version: v3.1.5'");
        FabricBinaries binaries = FabricBinaries.in(folder);
        FabricPlan plan = FabricPlan.onFreePorts(folder.resolve("network"), 1, FabricPlan.Profile.RAFT);
        assertThat(open(binaries, plan)).isEmpty();
        assertThat(plan.folder()).doesNotExist();
        NativeFabric.prepare(binaries, plan, Clock.systemUTC());
        Path core = plan.folder().resolve("config/core.yaml");
        Path orderer = plan.folder().resolve("config/orderer.yaml");
        Files.writeString(core, Files.readString(core) + "# by hand\n");
        Files.delete(orderer);
        assertThat(open(binaries, plan)).isPresent();
        assertThat(orderer).doesNotExist();
        NativeFabric.prepare(binaries, plan, Clock.systemUTC());
        assertThat(core).content().endsWith("# by hand\n");
        assertThat(orderer).exists();
        assertThat(plan.folder().resolve("builder/bin/build")).isExecutable();
    }

    private static Optional<NativeFabric> open(FabricBinaries binaries, FabricPlan plan) {
        return NativeFabric.open(binaries, plan, Clock.systemUTC(), new GuardedProcesses());
    }

    @Test
    void data_made_with_other_keys_is_told() throws IOException {
        tools("echo ' Version: v3.1.5'");
        FabricBinaries binaries = FabricBinaries.in(folder);
        FabricPlan plan = FabricPlan.onFreePorts(folder.resolve("network"), 1, FabricPlan.Profile.RAFT);
        NativeFabric.prepare(binaries, plan, Clock.systemUTC());
        Path keys = Files.move(plan.organizations(), folder.resolve("kept"));
        NativeFabric.prepare(binaries, plan, Clock.systemUTC());
        Files.createDirectory(plan.folder().resolve("data"));
        NativeFabric.prepare(binaries, plan, Clock.systemUTC());
        Files.move(plan.organizations(), folder.resolve("second"));
        Files.move(keys, plan.organizations());
        assertThatThrownBy(() -> NativeFabric.prepare(binaries, plan, Clock.systemUTC()))
                .hasMessageContaining("CONFIG_INVALID")
                .hasMessageContaining("was made with other keys")
                .hasMessageContaining("selvage network up --reset");
    }

    @Test
    void policies_are_told_as_the_channel_has_them() {
        assertThat(FabricDeployment.policy("EiAvQ2hhbm5lbC9BcHBsaWNhdGlvbi9FbmRvcnNlbWVudA=="))
                .isEqualTo("/Channel/Application/Endorsement");
        assertThat(FabricDeployment.policy("!")).isEmpty();
    }

    @Test
    void names_all_ports_that_are_taken_before_anything_starts() throws IOException {
        tools("echo ' Version: v3.1.5'");
        FabricPlan plan = FabricPlan.onFreePorts(folder.resolve("network"), 1, FabricPlan.Profile.RAFT);
        int admin = plan.orderers().get(0).admin();
        int peer = plan.peers().get("EwrMSP").get(0).operations();
        try (ServerSocket one = new ServerSocket(admin, 1, InetAddress.getLoopbackAddress());
                ServerSocket other = new ServerSocket(peer, 1, InetAddress.getLoopbackAddress());
                NativeFabric fabric = NativeFabric.prepare(FabricBinaries.in(folder), plan, Clock.systemUTC())) {
            assertThatThrownBy(fabric::up)
                    .hasMessageContaining("PORT_TAKEN")
                    .hasMessageContaining("127.0.0.1:" + one.getLocalPort() + " (wanted for orderer0)")
                    .hasMessageContaining("127.0.0.1:" + other.getLocalPort() + " (wanted for peer0.ewr.example)");
            assertThat(plan.logs()).doesNotExist();
        }
    }

    @Test
    void a_node_that_ends_at_once_is_told_with_the_end_of_its_log() throws IOException {
        tools("echo ' Version: v3.1.5'");
        tool(
                "orderer",
                "[ \"${1:-}\" != version ] || { echo ' Version: v3.1.5'; exit; }; printf 'bad \\377 byte\\n'; echo 'panic: no such luck'; exit 2");
        FabricPlan plan = FabricPlan.onFreePorts(folder.resolve("network"), 1, FabricPlan.Profile.RAFT);
        try (NativeFabric fabric = NativeFabric.prepare(FabricBinaries.in(folder), plan, Clock.systemUTC())) {
            assertThatThrownBy(fabric::up)
                    .hasMessageContaining("PROCESS_FAILED")
                    .hasMessageContaining("orderer0 ended at once")
                    .hasMessageContaining("panic: no such luck");
            assertThat(fabric.status())
                    .extracting(NativeFabric.NodeStatus::name)
                    .containsExactly("orderer0", "peer0.ewr.example");
        }
    }

    @Test
    void the_builder_takes_services_only_and_releases_their_connection() throws Exception {
        Path builder = folder.resolve("builder");
        for (String script : new String[] {"detect", "build", "release"}) {
            Templates.writeScript("fabric/builder/bin/" + script, builder.resolve(script));
        }
        Path source = Files.createDirectory(folder.resolve("source"));
        Path metadata = Files.createDirectory(folder.resolve("metadata"));
        Path output = Files.createDirectory(folder.resolve("output"));
        Path release = Files.createDirectory(folder.resolve("release"));
        Files.writeString(metadata.resolve("metadata.json"), "{\n \"type\": \"golang\"}");
        assertThat(run(builder.resolve("detect"), source, metadata)).isNotZero();
        Files.writeString(metadata.resolve("metadata.json"), "{\"label\": \"a\",\n \"type\": \"ccaas\"}");
        assertThat(run(builder.resolve("detect"), source, metadata)).isZero();
        assertThat(run(builder.resolve("build"), source, metadata, output)).isNotZero();
        Files.writeString(source.resolve("connection.json"), "{}");
        assertThat(run(builder.resolve("build"), source, metadata, output)).isZero();
        assertThat(run(builder.resolve("release"), output, release)).isZero();
        assertThat(release.resolve("chaincode/server/connection.json")).hasContent("{}");
    }

    @Test
    void a_package_is_a_tar_that_names_the_server_and_the_same_bytes_each_time() throws Exception {
        HostPort server = HostPort.parse("127.0.0.1:7061");
        ChaincodePackage pack = ChaincodePackage.plain("assets", server);
        assertThat(ChaincodePackage.plain("assets", server).bytes()).isEqualTo(pack.bytes());
        assertThat(pack.id()).matches("assets:[0-9a-f]{64}");
        Path file = Files.write(folder.resolve("package.tar.gz"), pack.bytes());
        Path target = Files.createDirectory(folder.resolve("unpacked"));
        assertThat(run(Path.of("tar"), Path.of("xzf"), file, Path.of("-C"), target))
                .isZero();
        assertThat(target.resolve("metadata.json")).hasContent("{\"label\":\"assets\",\"type\":\"ccaas\"}");
        byte[] code = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(target.resolve("code.tar.gz"))))
                .readAllBytes();
        assertThat(new String(code, StandardCharsets.US_ASCII))
                .startsWith("connection.json\0")
                .contains("\"address\":\"127.0.0.1:7061\"");
    }

    @Test
    void the_builder_fills_places_from_the_peers_own_configuration() throws Exception {
        Path release = folder.resolve("release.sh");
        Templates.writeScript("fabric/builder/bin/release", release);
        Path output = Files.createDirectory(folder.resolve("output"));
        Path target = Files.createDirectory(folder.resolve("target"));
        Files.writeString(
                output.resolve("connection.json"), "{\"address\":\"{{.chaincode1}}\",\"root_cert\":\"a\\nb/c+d=\\n\"}");
        assertThat(run(release, output, target)).isNotZero();
        String config = "{\"chaincode0\":\"127.0.0.1:7061\",\"chaincode1\":\"127.0.0.1:7062\"}";
        assertThat(run(
                        Path.of("env"),
                        Path.of("CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG=" + config),
                        release,
                        output,
                        target))
                .isZero();
        assertThat(target.resolve("chaincode/server/connection.json"))
                .hasContent("{\"address\":\"127.0.0.1:7062\",\"root_cert\":\"a\\nb/c+d=\\n\"}");
    }

    @Test
    void organisations_have_peers_on_ports_of_their_own() {
        FabricPlan plan = FabricPlan.usual(folder, 3, 2, FabricPlan.Profile.BFT, 100);
        assertThat(plan.peers().get("JfkMSP"))
                .extracting(FabricPlan.PeerPorts::peer)
                .containsExactly(8151, 8251);
        assertThat(plan.peers().get("EwrMSP").get(1).service(1)).hasToString("127.0.0.1:7262");
        assertThatThrownBy(() -> FabricPlan.usual(folder, 10, 1, FabricPlan.Profile.RAFT, 0))
                .hasMessageContaining("1 to 9 organisations");
    }

    private void tools(String peer) throws IOException {
        tool("osnadmin", "");
        for (String name : new String[] {"peer", "orderer", "configtxgen"}) {
            tool(name, peer);
        }
    }

    private void tool(String name, String body) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static int run(Path... command) throws Exception {
        String[] words = new String[command.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = command[i].toString();
        }
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor();
    }
}
