package dev.selvage.network.fabric;

import dev.selvage.network.org.IdentityFiles;
import dev.selvage.network.org.Organisations;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The environment of every node and administrator as files for a shell, by which {@code scripts/fabric} takes single steps: {@code
 * env/network}, {@code env/orderer0}, {@code env/peer0.ewr.example}, {@code env/admin-peer0.ewr.example}.
 */
final class StepFiles {
    private final FabricPlan plan;
    private final Organisations organisations;
    private final FabricSettings settings;

    StepFiles(FabricPlan plan, Organisations organisations, FabricSettings settings) {
        this.plan = plan;
        this.organisations = organisations;
        this.settings = settings;
    }

    /** Where the environment of that name is, such as {@code network}, which is written last. */
    static Path file(FabricPlan plan, String name) {
        return plan.folder().resolve("env").resolve(name);
    }

    void write(List<PeerPlace> peers, FabricBinaries binaries) {
        for (int i = 0; i < plan.orderers().size(); i++) {
            write("orderer" + i, settings.ordererEnvironment(i));
        }
        for (PeerPlace peer : peers) {
            write(peer.name(), settings.peerEnvironment(peer));
            write("admin-" + peer.name(), settings.adminEnvironment(peer));
        }
        write("network", network(peers, binaries));
    }

    private Map<String, String> network(List<PeerPlace> peers, FabricBinaries binaries) {
        IdentityFiles.TlsFiles admin = organisations.orderer().identity("Admin").tls();
        Map<String, String> values = new TreeMap<>();
        values.put("FABRIC_BIN", binaries.folder().toString());
        values.put("FABRIC_CONFIG", settings.folder().toString());
        values.put("CHANNEL", plan.channel());
        values.put("PROFILE", plan.profile().configtx());
        values.put("ORDERER", plan.orderers().get(0).address().toString());
        values.put("ORDERER_ROOTS", admin.roots().toString());
        values.put("ORDERER_ADMIN_CERTIFICATE", admin.certificate().toString());
        values.put("ORDERER_ADMIN_KEY", admin.key().toString());
        values.put(
                "ORDERERS",
                IntStream.range(0, plan.orderers().size())
                        .mapToObj(i -> "orderer" + i)
                        .collect(Collectors.joining(" ")));
        values.put("PEERS", peers.stream().map(PeerPlace::name).collect(Collectors.joining(" ")));
        return values;
    }

    private void write(String name, Map<String, String> values) {
        String text = new TreeMap<>(values)
                .entrySet().stream()
                        .map(value -> "export " + value.getKey() + "='"
                                + value.getValue().replace("'", "'\\''") + "'\n")
                        .collect(Collectors.joining());
        WrittenFile.write(file(plan, name), text, "rw-r--r--");
    }
}
