package dev.selvage.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.agent.control.ControlApi;
import dev.selvage.agent.control.ControlClient;
import dev.selvage.agent.peer.MemberSigner;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node's control service over its real wire. */
class ControlTest {
    @TempDir
    static Path folder;

    private static Channel channel;
    private static Agent agent;

    @BeforeAll
    static void open() throws Exception {
        channel = Channel.open(folder, Duration.ofMillis(20));
        agent = Agent.start(channel.node("EwrMSP"), EngineSource.of(Flow.engine(2)));
        agent.ready().get(30, TimeUnit.SECONDS);
    }

    @AfterAll
    static void close() {
        if (agent != null) {
            agent.close();
        }
        channel.close();
    }

    @Test
    void tells_a_member_of_the_organisation_how_the_node_is() {
        try (var user = client("EwrMSP", "User1")) {
            var status = user.ask(ControlApi.STATUS, new ControlApi.Nothing(), ControlApi.NodeStatus.class);
            assertThat(status.caughtUp()).isTrue();
            assertThat(status.engines()).as("its own, and the one that audits").isEqualTo(2);
        }
    }

    @Test
    void leaves_changes_to_admins_and_refuses_other_organisations() throws Exception {
        var file = Files.writeString(folder.resolve("data.txt"), "a,b\n");
        var data = new ControlApi.DataFile("numbers", file.toString(), "text/csv", true);
        try (var user = client("EwrMSP", "User1");
                var admin = client("EwrMSP", "Admin");
                var stranger = client("JfkMSP", "User1")) {
            refused(() -> user.ask(ControlApi.ADD_FILE, data, ControlApi.DataView.class), ErrorCode.NOT_PERMITTED);
            refused(
                    () -> stranger.ask(ControlApi.STATUS, new ControlApi.Nothing(), ControlApi.NodeStatus.class),
                    ErrorCode.NOT_PERMITTED);
            admin.ask(ControlApi.ADD_FILE, data, ControlApi.DataView.class);
            var grant =
                    new ControlApi.NewGrant("numbers", "text.say/1", Flow.SAY.digest(), List.of("JfkMSP"), null, null);
            assertThat(admin.ask(ControlApi.GRANT, grant, ControlApi.GrantView.class)
                            .creators())
                    .containsExactly("JfkMSP");
            for (String nobody : List.of("JfkMsp", "JfkMsp/User1@jfk.example", "OrdererMSP")) {
                var none = new ControlApi.NewGrant(
                        "numbers", "text.say/1", Flow.SAY.digest(), List.of("LgaMSP", nobody), null, null);
                assertThatThrownBy(() -> admin.ask(ControlApi.GRANT, none, ControlApi.GrantView.class))
                        .hasMessageStartingWith("ORGANISATION_UNKNOWN")
                        .hasMessageContaining("It has EwrMSP, JfkMSP, LgaMSP.");
            }
            assertThat(user.askList(ControlApi.GRANTS, new ControlApi.Nothing(), ControlApi.GrantView.class))
                    .extracting(ControlApi.GrantView::creators)
                    .containsExactly(List.of("JfkMSP"));
            assertThat(user.askList(ControlApi.DATA, new ControlApi.Nothing(), ControlApi.DataView.class))
                    .extracting(ControlApi.DataView::name)
                    .contains("numbers");
        }
    }

    @Test
    void gives_a_results_bytes_to_a_user_who_may_see_them() throws Exception {
        var workflow = Flow.named("control").say("hello", "ewr", "hello").build();
        channel.deploy(workflow, Flow.SAY, Flow.JOIN);
        String task = channel.create(workflow, Map.of());
        channel.awaitEnd(task, Duration.ofSeconds(30));
        var digest = dev.selvage.model.Digest.of("hello 0".getBytes(StandardCharsets.UTF_8));
        try (var user = client("EwrMSP", "User1")) {
            var bytes = new ByteArrayOutputStream();
            user.result(task, digest, bytes);
            assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("hello 0");
            assertThat(agent.readModel().trace(task)).isNotEmpty();
        }
    }

    @Test
    void a_node_that_is_not_there_or_hangs_is_named_with_its_address() throws Exception {
        int port;
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = silent.getLocalPort();
            try (var hung = client("EwrMSP", "User1", port).within(Duration.ofMillis(300))) {
                refused(
                        () -> hung.ask(ControlApi.STATUS, new ControlApi.Nothing(), ControlApi.NodeStatus.class),
                        ErrorCode.NODE_UNREACHABLE);
            }
        }
        try (var gone = client("EwrMSP", "User1", port)) {
            assertThatThrownBy(() -> gone.ask(ControlApi.STATUS, new ControlApi.Nothing(), ControlApi.NodeStatus.class))
                    .hasMessageContaining("NODE_UNREACHABLE EwrMSP/node1 does not answer at 127.0.0.1:" + port);
        }
    }

    @Test
    void a_node_whose_tls_certificate_has_another_name_is_told_as_such() {
        var files = channel.organisation("EwrMSP").identity("User1");
        try (var client = new ControlClient(
                new NodeId("EwrMSP", "node1"),
                "127.0.0.1:" + agent.port(),
                files.tls().roots(),
                Optional.of("elsewhere.example"),
                MemberSigner.read("EwrMSP", files.certificate(), files.key()),
                Clock.systemUTC())) {
            refused(
                    () -> client.ask(ControlApi.STATUS, new ControlApi.Nothing(), ControlApi.NodeStatus.class),
                    ErrorCode.TLS_NAME_MISMATCH);
        }
    }

    private static void refused(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SelvageException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static ControlClient client(String msp, String name) {
        return client(msp, name, agent.port());
    }

    private static ControlClient client(String msp, String name, int port) {
        var files = channel.organisation(msp).identity(name);
        var node = channel.organisation("EwrMSP").identity("node1");
        return new ControlClient(
                new NodeId("EwrMSP", "node1"),
                "127.0.0.1:" + port,
                node.tls().roots(),
                Optional.of("127.0.0.1"),
                MemberSigner.read(msp, files.certificate(), files.key()),
                Clock.systemUTC());
    }
}
