package dev.selvage.cli.internal.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.network.fabric.FabricPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkSettingsTest {
    @TempDir
    private Path folder;

    private DataFolder data() {
        return new DataFolder(folder);
    }

    private void settle(NetworkWish wish) {
        NetworkSettings.wanted(data(), wish).write(data());
    }

    @Test
    void network_keeps_what_it_was_made_with() throws Exception {
        settle(new NetworkWish(5, folder.resolve("bin"), FabricPlan.Profile.BFT, 2, 2));
        Files.createDirectory(data().ledger());
        settle(NetworkWish.ports(null));
        var kept = NetworkSettings.read(data());
        assertThat(kept.portShift()).isEqualTo(5);
        assertThat(kept.profile()).isEqualTo(FabricPlan.Profile.BFT);
        assertThat(kept.plan().peers()).hasSize(2);
        assertThat(kept.plan().orderers()).isEqualTo(4);
        assertThatThrownBy(() -> settle(new NetworkWish(null, null, null, 3, null)))
                .hasMessageContaining("--orgs 2 --port-shift 5 --peers 2 --ordering bft");
        assertThatThrownBy(() -> settle(NetworkWish.ports(6))).hasMessageContaining("CONFIG_INVALID");
    }

    @Test
    void other_binaries_may_run_the_same_network() throws Exception {
        settle(NetworkWish.on(null, folder.resolve("old")));
        Files.createDirectory(data().ledger());
        settle(NetworkWish.on(null, folder.resolve("new")));
        assertThat(NetworkSettings.read(data()).fabric()).endsWith("new");
    }

    @Test
    void embedded_ledger_has_no_orderers_to_choose_and_one_peer_each() {
        assertThatThrownBy(() -> settle(new NetworkWish(null, null, FabricPlan.Profile.BFT, null, null)))
                .hasMessageContaining("--fabric DIR");
        assertThatThrownBy(() -> settle(new NetworkWish(null, null, null, null, 2)))
                .hasMessageContaining("--fabric DIR");
        assertThatThrownBy(() -> settle(new NetworkWish(null, null, null, 10, null)))
                .hasMessageContaining("1 to 9 organisations");
    }

    @Test
    void beginning_anew_keeps_the_ports_alone() throws Exception {
        settle(new NetworkWish(5, folder.resolve("bin"), FabricPlan.Profile.BFT, 2, 2));
        Files.createDirectory(data().ledger());
        assertThat(NetworkSettings.anew(data(), NetworkWish.ports(null)))
                .isEqualTo(new NetworkSettings(5, null, null, null, null));
        assertThat(NetworkSettings.anew(data(), new NetworkWish(6, folder.resolve("bin"), null, 4, null)))
                .isEqualTo(new NetworkSettings(
                        6, folder.resolve("bin").toAbsolutePath().toString(), FabricPlan.Profile.RAFT, 4, 1));
    }

    @Test
    void settings_of_before_are_read() throws Exception {
        Files.writeString(folder.resolve("network.json"), "{\"portShift\":7}\n");
        var kept = NetworkSettings.read(data());
        assertThat(kept.portShift()).isEqualTo(7);
        assertThat(kept.fabric()).isNull();
        assertThat(kept.organisations()).isEqualTo(3);
        assertThat(kept.peers()).isEqualTo(1);
    }
}
