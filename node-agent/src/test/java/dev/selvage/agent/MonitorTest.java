package dev.selvage.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.engine.StandardEngine;
import dev.selvage.formats.config.HostPort;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics and health of an agent, asked over HTTP. */
class MonitorTest {
    @TempDir
    static Path folder;

    private static Channel channel;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    static void open() throws Exception {
        channel = Channel.open(folder, Duration.ofMillis(20));
    }

    @AfterAll
    static void close() {
        channel.close();
    }

    @Test
    void metrics_count_what_the_node_did() throws Exception {
        try (Agent agent = start("metrics", gateways(), EngineSource.of(Flow.engine(2)))) {
            awaitReady(agent);
            assertThat(get(agent, "/metrics").body())
                    .contains("selvage_ledger_connected 1.0")
                    .contains("selvage_results_committed_total 0.0");
            var workflow = Flow.named("counted").say("hello", "ewr", "hello").build();
            channel.deploy(workflow, Flow.SAY, Flow.JOIN);
            channel.awaitEnd(channel.create(workflow, Map.of()), Duration.ofSeconds(30));
            Awaitility.await("the result is counted")
                    .until(() -> get(agent, "/metrics").body().contains("selvage_results_committed_total 1.0"));
            assertThat(get(agent, "/metrics").headers().firstValue("Content-Type"))
                    .contains("text/plain; version=0.0.4; charset=utf-8");
        }
    }

    @Test
    void every_metric_stands_in_the_documentation() throws Exception {
        String documented = Files.readString(Path.of("..", "docs", "agent.md"));
        try (Agent agent = start("documented", gateways(), EngineSource.of(Flow.engine(2)))) {
            awaitReady(agent);
            assertThat(get(agent, "/metrics").body().lines().filter(line -> line.startsWith("# TYPE selvage_")))
                    .isNotEmpty()
                    .allSatisfy(
                            line -> assertThat(documented).contains(line.split(" ", -1)[2].replaceAll("_max$", "")));
        }
    }

    @Test
    void only_questions_are_answered_and_only_three_of_them() throws Exception {
        try (Agent agent = start("questions", gateways(), EngineSource.of(Flow.engine(2)))) {
            assertThat(get(agent, "/metrics/more").statusCode()).isEqualTo(404);
            assertThat(get(agent, "/").statusCode()).isEqualTo(404);
            var post = send(agent, "/healthz", "POST");
            assertThat(post.statusCode()).isEqualTo(405);
            assertThat(post.headers().firstValue("Allow")).contains("GET, HEAD");
            var head = send(agent, "/healthz", "HEAD");
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
        }
    }

    @Test
    void a_client_that_says_nothing_holds_nobody_up() throws Exception {
        try (Agent agent = start("silent-client", gateways(), EngineSource.of(Flow.engine(2)));
                var one = half(agent);
                var two = half(agent);
                var three = half(agent)) {
            assertThat(get(agent, "/healthz").statusCode()).isEqualTo(200);
            assertThat(List.of(one, two, three)).allMatch(Socket::isConnected);
        }
    }

    @Test
    void a_node_whose_ledger_is_away_lives_but_is_not_ready_until_blocks_come_again() throws Exception {
        var peer = channel.gateways("EwrMSP").get(0);
        try (var way = new Forwarder(peer.host(), peer.port())) {
            way.cut();
            try (Agent agent = start("no-ledger", List.of(way.address()), EngineSource.of(Flow.engine(2)))) {
                assertThat(get(agent, "/healthz").statusCode()).isEqualTo(200);
                awaitUnready(agent, "ledger", ErrorCode.LEDGER_UNREACHABLE);
                way.restore();
                awaitReady(agent);
                way.cut();
                awaitUnready(agent, "ledger", ErrorCode.LEDGER_UNREACHABLE);
                assertThat(get(agent, "/metrics").body()).contains("selvage_ledger_connected 0.0");
                way.restore();
                awaitReady(agent); // though nothing new is on the ledger
            }
        }
    }

    @Test
    void an_engine_that_does_not_say_what_it_is_makes_the_node_unready() throws Exception {
        StandardEngine silent = (StandardEngine) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {StandardEngine.class}, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "describe" -> throw new SelvageException(ErrorCode.ENGINE_UNREACHABLE, "It is away.");
                        case "equals" -> proxy == arguments[0];
                        case "hashCode" -> 1;
                        default -> null;
                    };
                });
        try (Agent agent = start("silent-engine", gateways(), EngineSource.of(Flow.engine(2), silent))) {
            agent.ready().get(30, TimeUnit.SECONDS);
            awaitUnready(agent, "engines", ErrorCode.ENGINE_UNREACHABLE);
            assertThat(get(agent, "/metrics").body()).contains("selvage_engines_silent 1.0");
        }
    }

    @Test
    void a_journal_that_cannot_be_written_makes_the_node_unready() throws Exception {
        try (Agent agent = start("no-journal", gateways(), EngineSource.of(Flow.engine(2)))) {
            awaitReady(agent);
            Path journal = folder.resolve("no-journal").resolve("journal.db");
            try (var other = DriverManager.getConnection("jdbc:sqlite:" + journal);
                    var statement = other.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 5000");
                statement.execute("CREATE TRIGGER broken BEFORE UPDATE ON identity"
                        + " BEGIN SELECT RAISE(ABORT, 'the disk is broken'); END");
                awaitUnready(agent, "journal", ErrorCode.JOURNAL_CORRUPT);
                statement.execute("DROP TRIGGER broken");
            }
            awaitReady(agent);
        }
    }

    @Test
    void a_taken_address_ends_the_start_and_no_address_serves_nothing() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var config = config("taken", gateways(), Optional.of(new HostPort("127.0.0.1", taken.getLocalPort())));
            assertThatThrownBy(() -> Agent.start(config, EngineSource.of(Flow.engine(1))))
                    .isInstanceOf(SelvageException.class)
                    .hasMessageStartingWith("PORT_TAKEN")
                    .hasMessageContaining("monitor");
        }
        try (Agent agent = Agent.start(config("off", gateways(), Optional.empty()), EngineSource.of(Flow.engine(1)))) {
            assertThat(agent.monitorAddress()).isEmpty();
        }
    }

    private static List<HostPort> gateways() {
        var peer = channel.gateways("EwrMSP").get(0);
        return List.of(new HostPort(peer.host(), peer.port()));
    }

    private static Agent start(String name, List<HostPort> gateways, EngineSource engines) {
        return Agent.start(config(name, gateways, Optional.of(new HostPort("127.0.0.1", 0))), engines);
    }

    private static NodeConfig config(String name, List<HostPort> gateways, Optional<HostPort> monitor) {
        var usual = channel.node("EwrMSP", name, gateways);
        return new NodeConfig(
                usual.file(),
                usual.node(),
                usual.identity(),
                usual.tls(),
                usual.ledger(),
                usual.follow(),
                usual.listen(),
                usual.advertise(),
                monitor,
                usual.data(),
                usual.engines(),
                usual.capacity(),
                usual.limits(),
                usual.retention());
    }

    private HttpResponse<String> get(Agent agent, String path) throws IOException, InterruptedException {
        return send(agent, path, "GET");
    }

    private HttpResponse<String> send(Agent agent, String path, String method)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(agent.monitorAddress() + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static Socket half(Agent agent) throws IOException {
        var address = URI.create(agent.monitorAddress());
        var socket = new Socket(address.getHost(), address.getPort());
        socket.getOutputStream().write("GET /healthz HTTP/1.1\r\nHos".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private void awaitReady(Agent agent) {
        Awaitility.await("the node is ready")
                .atMost(Duration.ofSeconds(30))
                .until(() -> get(agent, "/readyz").statusCode() == 200);
    }

    private void awaitUnready(Agent agent, String check, ErrorCode code) {
        var fault = Awaitility.await(check + " is found wanting")
                .atMost(Duration.ofSeconds(40))
                .until(() -> fault(agent, check), Optional::isPresent)
                .orElseThrow();
        assertThat(fault.get("code").asText()).isEqualTo(code.name());
        assertThat(fault.get("next").asText()).isEqualTo(code.nextStep());
    }

    private Optional<JsonNode> fault(Agent agent, String check) throws IOException, InterruptedException {
        var answer = get(agent, "/readyz");
        var json = CanonicalJson.parse(answer.body());
        assertThat(json.get("ok").asBoolean()).isEqualTo(answer.statusCode() == 200);
        for (JsonNode one : json.get("checks")) {
            if (one.get("check").asText().equals(check) && !one.get("ok").asBoolean()) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }
}
