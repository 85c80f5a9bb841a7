package dev.selvage.network.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.network.org.IdentityFiles;
import dev.selvage.network.org.Organisations;
import dev.selvage.network.org.OrganisationsPlan;
import io.grpc.Grpc;
import io.grpc.TlsServerCredentials;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsProbeTest {
    @TempDir
    Path folder;

    /** As a peer of Fabric's does while it opens its channels. */
    @Test
    void server_that_listens_and_does_not_speak_yet_is_not_ready() throws Exception {
        var probe = new TlsProbe(peer("EwrMSP").tls().roots());
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            try (var taken = new Socket()) {
                taken.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), silent.getLocalPort()));
                assertThat(taken.isConnected()).isTrue();
            }
            assertThat(probe.serves(FabricPlan.local(silent.getLocalPort()))).isFalse();
        }
    }

    @Test
    void server_is_ready_that_is_known_by_its_own_authority() throws Exception {
        var files = peer("EwrMSP").tls();
        var server = Grpc.newServerBuilderForPort(
                        0,
                        TlsServerCredentials.create(
                                files.certificate().toFile(), files.key().toFile()))
                .build()
                .start();
        try {
            var address = FabricPlan.local(server.getPort());
            assertThat(new TlsProbe(files.roots()).serves(address)).isTrue();
            assertThat(new TlsProbe(peer("JfkMSP").tls().roots()).serves(address))
                    .isFalse();
        } finally {
            server.shutdownNow().awaitTermination();
        }
    }

    private IdentityFiles peer(String msp) {
        return Organisations.open(folder, OrganisationsPlan.of(2), Clock.systemUTC())
                .get(msp)
                .identity("peer0");
    }
}
