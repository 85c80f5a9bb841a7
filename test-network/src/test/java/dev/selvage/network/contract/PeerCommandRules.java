package dev.selvage.network.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.network.fabric.FabricBinaries;
import dev.selvage.network.org.IdentityFiles;
import dev.selvage.network.org.Organisation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.hyperledger.fabric.protos.common.Block;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Fabric's own {@code peer} command as a client. It needs Fabric's binaries, whichever ledger it talks to. */
interface PeerCommandRules extends LedgerCase {
    String FABRIC = "fabric.dir";
    String SKIPPED = "the peer command was not tested: give Fabric's folder as -Dfabric.dir=DIR";

    @Test
    @EnabledIfSystemProperty(named = FABRIC, matches = ".+", disabledReason = SKIPPED)
    default void peer_invokes_and_queries() throws Exception {
        String id = freshKey();
        Answer invoked = invoke(List.of("EwrMSP", "JfkMSP"), "CreateAsset", id, "ann", "7");
        assertThat(invoked.text()).contains("Chaincode invoke successful").contains("ann:7");
        assertThat(invoked.exit()).isZero();
        assertThat(query("ReadAsset", id).lastLine()).isEqualTo("ann:7");
        assertThat(ewr().evaluate("ReadAsset", id)).isEqualTo("ann:7");
    }

    @Test
    @EnabledIfSystemProperty(named = FABRIC, matches = ".+", disabledReason = SKIPPED)
    default void peer_shows_what_the_chaincode_said() throws Exception {
        Answer refused = query("ReadAsset", "nothing-here");
        assertThat(refused.exit()).isNotZero();
        assertThat(refused.text()).contains("asset nothing-here does not exist");
        Answer invoked = invoke(List.of("EwrMSP", "JfkMSP"), "DeleteAsset", "nothing-here");
        assertThat(invoked.exit()).isNotZero();
        assertThat(invoked.text()).contains("asset nothing-here does not exist");
    }

    @Test
    @EnabledIfSystemProperty(named = FABRIC, matches = ".+", disabledReason = SKIPPED)
    default void peer_waits_for_the_event_and_learns_of_a_policy_that_failed() throws Exception {
        String id = freshKey();
        Answer invoked = invoke(List.of("EwrMSP"), "PutAsset", id, "ann", "7");
        assertThat(invoked.exit()).isNotZero();
        assertThat(invoked.text()).contains("ENDORSEMENT_POLICY_FAILURE");
        assertThat(ewr().evaluate("AssetExists", id)).isEqualTo("false");
    }

    @Test
    @EnabledIfSystemProperty(named = FABRIC, matches = ".+", disabledReason = SKIPPED)
    default void peer_sends_transient_data() throws Exception {
        String secret = Base64.getEncoder().encodeToString("hush".getBytes(UTF_8));
        List<String> arguments = new ArrayList<>(channelArguments());
        arguments.addAll(
                List.of("--transient", "{\"secret\":\"" + secret + "\"}", "-c", call("KeepTransient", freshKey())));
        arguments.addAll(0, List.of("chaincode", "query"));
        assertThat(peer(arguments).lastLine()).isEqualTo("4");
    }

    @Test
    @EnabledIfSystemProperty(named = FABRIC, matches = ".+", disabledReason = SKIPPED)
    default void peer_lists_the_channel_and_its_height() throws Exception {
        assertThat(peer(List.of("channel", "list")).text().lines()).contains(LedgerUnderTest.CHANNEL);
        long height = Blocks.info(ewr()).getHeight();
        Answer info = peer(List.of("channel", "getinfo", "-c", LedgerUnderTest.CHANNEL));
        assertThat(info.text()).contains("Blockchain info: {\"height\":" + height + ",\"currentBlockHash\":\"");
    }

    @Test
    @EnabledIfSystemProperty(named = FABRIC, matches = ".+", disabledReason = SKIPPED)
    default void peer_fetches_blocks(@TempDir Path folder) throws Exception {
        ewr().submit("PutAsset", freshKey(), "ann", "1");
        long height = Blocks.info(ewr()).getHeight();
        assertThat(fetch("0", folder).getHeader())
                .isEqualTo(Blocks.byNumber(ewr(), 0).getHeader());
        assertThat(fetch("oldest", folder).getHeader().getNumber()).isZero();
        assertThat(fetch("config", folder).getHeader().getNumber()).isZero();
        Block newest = fetch("newest", folder);
        assertThat(newest.getHeader().getNumber()).isEqualTo(height - 1);
        assertThat(newest.getData())
                .isEqualTo(Blocks.byNumber(ewr(), height - 1).getData());
    }

    @Test
    @EnabledIfSystemProperty(named = FABRIC, matches = ".+", disabledReason = SKIPPED)
    default void peer_queries_committed_definitions() throws Exception {
        Answer all = peer(List.of("lifecycle", "chaincode", "querycommitted", "-C", LedgerUnderTest.CHANNEL));
        for (LedgerUnderTest.Deployment deployment : LedgerUnderTest.Deployment.values()) {
            assertThat(all.text()).contains("Name: " + deployment.chaincode() + ", Version: 1.0, Sequence: 1");
        }
        Answer one = peer(List.of(
                "lifecycle", "chaincode", "querycommitted", "-C", LedgerUnderTest.CHANNEL, "-n", "both", "-O", "json"));
        assertThat(one.text()).contains("\"sequence\": 1").contains("\"version\": \"1.0\"");
        Answer none =
                peer(List.of("lifecycle", "chaincode", "querycommitted", "-C", LedgerUnderTest.CHANNEL, "-n", "no"));
        assertThat(none.exit()).isNotZero();
        assertThat(none.text()).contains("namespace no is not defined");
    }

    /** What a command wrote, stdout and stderr together, and how it ended. */
    record Answer(int exit, String text) {
        /** The answer proper comes after what is logged. */
        String lastLine() {
            return text.strip().lines().reduce("", (before, last) -> last);
        }
    }

    private Block fetch(String which, Path folder) throws Exception {
        Path file = folder.resolve(which + ".block");
        List<String> arguments =
                new ArrayList<>(List.of("channel", "fetch", which, file.toString(), "-c", LedgerUnderTest.CHANNEL));
        arguments.addAll(ordererArguments());
        Answer answer = peer(arguments);
        assertThat(file).as(answer.text()).exists();
        return Block.parseFrom(Files.readAllBytes(file));
    }

    private Answer query(String function, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("chaincode", "query"));
        all.addAll(channelArguments());
        all.addAll(List.of("-c", call(function, arguments)));
        return peer(all);
    }

    private Answer invoke(List<String> msps, String function, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("chaincode", "invoke", "--waitForEvent"));
        all.addAll(ordererArguments());
        all.addAll(channelArguments());
        for (String msp : msps) {
            all.addAll(List.of(
                    "--peerAddresses",
                    ledger().gateway(msp).toString(),
                    "--tlsRootCertFiles",
                    organisations().get(msp).identity("peer0").tls().roots().toString()));
        }
        all.addAll(List.of("-c", call(function, arguments)));
        return peer(all);
    }

    private List<String> channelArguments() {
        return List.of("-C", LedgerUnderTest.CHANNEL, "-n", "assets");
    }

    private List<String> ordererArguments() {
        Organisation orderer = organisations().orderer();
        return List.of(
                "-o",
                ledger().orderer().toString(),
                "--tls",
                "--cafile",
                orderer.identity("orderer0").tls().roots().toString());
    }

    private static String call(String function, String... arguments) {
        StringBuilder json = new StringBuilder("{\"Args\":[\"").append(function).append('"');
        for (String argument : arguments) {
            json.append(",\"").append(argument).append('"');
        }
        return json.append("]}").toString();
    }

    private Answer peer(List<String> arguments) throws Exception {
        Path binaries = FabricBinaries.in(Path.of(System.getProperty(FABRIC))).folder();
        Organisation ewr = organisations().get("EwrMSP");
        IdentityFiles admin = ewr.identity("Admin");
        List<String> command = new ArrayList<>(arguments);
        command.add(0, binaries.resolve("peer").toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .put("FABRIC_CFG_PATH", binaries.resolveSibling("config").toString());
        builder.environment().put("FABRIC_LOGGING_SPEC", "grpc=error:info");
        builder.environment().put("CORE_PEER_TLS_ENABLED", "true");
        builder.environment().put("CORE_PEER_LOCALMSPID", "EwrMSP");
        builder.environment()
                .put("CORE_PEER_ADDRESS", ledger().gateway("EwrMSP").toString());
        builder.environment().put("CORE_PEER_MSPCONFIGPATH", admin.mspFolder().toString());
        builder.environment()
                .put(
                        "CORE_PEER_TLS_ROOTCERT_FILE",
                        ewr.identity("peer0").tls().roots().toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Answer(process.exitValue(), text);
    }
}
