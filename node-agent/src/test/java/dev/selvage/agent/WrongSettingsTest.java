package dev.selvage.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.selvage.formats.config.KeyPairFiles;
import dev.selvage.formats.config.LedgerAccess;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.IdentityFiles;
import dev.selvage.network.org.Organisations;
import dev.selvage.network.org.OrganisationsPlan;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent whose settings do not fit the ledger ends its start with the code of the very fault. */
class WrongSettingsTest {
    @TempDir
    static Path folder;

    private static Channel channel;

    @BeforeAll
    static void open() throws Exception {
        channel = Channel.open(folder.resolve("channel"), Duration.ofMillis(20));
    }

    @AfterAll
    static void close() {
        channel.close();
    }

    private static NodeConfig config(
            NodeId node, KeyPairFiles identity, LedgerAccess ledger, NodeConfig.Follow follow, Path data) {
        var right = channel.node("EwrMSP");
        return new NodeConfig(
                right.file(),
                node,
                identity,
                right.tls(),
                ledger,
                List.of(follow),
                right.listen(),
                right.advertise(),
                right.monitor(),
                data,
                right.engines(),
                right.capacity(),
                right.limits(),
                right.retention());
    }

    private static ErrorCode stopsWith(NodeConfig config) throws Exception {
        try (var agent = Agent.start(config, EngineSource.of(Flow.engine(1)))) {
            return agent.stopped().get(30, TimeUnit.SECONDS).code();
        }
    }

    @Test
    void wrong_channel(@TempDir Path data) throws Exception {
        var right = channel.node("EwrMSP");
        var follow = new NodeConfig.Follow("nochannel", "off-chain-compute");
        assertThat(stopsWith(config(right.node(), right.identity(), right.ledger(), follow, data)))
                .isEqualTo(ErrorCode.CHANNEL_UNKNOWN);
    }

    @Test
    void wrong_msp(@TempDir Path data) throws Exception {
        var right = channel.node("EwrMSP");
        var node = new NodeId("JfkMSP", "node1");
        assertThat(stopsWith(config(node, right.identity(), right.ledger(), NodeConfig.Follow.DEFAULT, data)))
                .isEqualTo(ErrorCode.MSP_MISMATCH);
    }

    @Test
    void tls_name_that_the_peers_certificate_does_not_have(@TempDir Path data) throws Exception {
        var right = channel.node("EwrMSP");
        var ledger = new LedgerAccess(
                right.ledger().endpoints(), right.ledger().tlsRoot(), Optional.of("peer0.elsewhere.example"));
        assertThat(stopsWith(config(right.node(), right.identity(), ledger, NodeConfig.Follow.DEFAULT, data)))
                .isEqualTo(ErrorCode.TLS_NAME_MISMATCH);
    }

    @Test
    void tls_root_of_another_organisation(@TempDir Path data) throws Exception {
        var right = channel.node("EwrMSP");
        var ledger = new LedgerAccess(
                right.ledger().endpoints(),
                channel.node("JfkMSP").ledger().tlsRoot(),
                right.ledger().serverNames());
        assertThat(stopsWith(config(right.node(), right.identity(), ledger, NodeConfig.Follow.DEFAULT, data)))
                .isEqualTo(ErrorCode.TLS_UNTRUSTED);
    }

    @Test
    void expired_certificate_and_key_of_another(@TempDir Path data) {
        var right = channel.node("EwrMSP");
        var longAgo = Clock.fixed(Instant.now().minus(Duration.ofDays(4000)), ZoneOffset.UTC);
        IdentityFiles old = Organisations.open(data.resolve("old"), OrganisationsPlan.of(1), longAgo)
                .get("EwrMSP")
                .identity("node1");
        var expired = new KeyPairFiles(old.certificate(), old.key());
        var mixed = new KeyPairFiles(right.identity().certificate(), old.key());
        assertThat(refusedWith(config(right.node(), expired, right.ledger(), NodeConfig.Follow.DEFAULT, data)))
                .isEqualTo(ErrorCode.CERTIFICATE_EXPIRED);
        assertThat(refusedWith(config(right.node(), mixed, right.ledger(), NodeConfig.Follow.DEFAULT, data)))
                .isEqualTo(ErrorCode.KEY_MISMATCH);
    }

    private static ErrorCode refusedWith(NodeConfig config) {
        return catchThrowableOfType(SelvageException.class, () -> Agent.start(config, EngineSource.of(Flow.engine(1))))
                .code();
    }
}
