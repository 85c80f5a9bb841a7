package dev.selvage.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.selvage.agent.control.ControlApi.CertificateTerm;
import dev.selvage.agent.pipeline.PartStanding;
import dev.selvage.agent.pipeline.TaskPipeline;
import dev.selvage.formats.config.HostPort;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.TaskState;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that end while the node runs. The ledger and the node share a clock, which the test moves. */
class CertificateRenewalTest {
    private static final Duration LITTLE = Duration.ofMinutes(6);

    @TempDir
    Path folder;

    private final ShiftedClock clock = new ShiftedClock();
    private final Instant far = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(700));
    private final HttpClient http = HttpClient.newHttpClient();
    private Channel channel;
    private TestWallet wallet;
    private Agent agent;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(System.getProperty("fabric.dir") == null, "Fabric's clock cannot be moved");
        channel = Channel.open(folder.resolve("channel"), Duration.ofMillis(20), clock);
        wallet = new TestWallet(
                folder.resolve("wallet"), channel.organisation("EwrMSP").identity("node1"));
    }

    @AfterEach
    void close() {
        if (agent != null) {
            agent.close();
        }
        if (channel != null) {
            channel.close();
        }
    }

    @Test
    void a_node_outlives_its_certificate_and_goes_on_with_the_renewed_one() throws Exception {
        wallet.renew(clock.instant(), clock.instant().plus(LITTLE));
        start();
        assertThat(warnings()).contains("CERTIFICATE_EXPIRING").contains("signing");
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        succeeds("before");

        clock.advance(LITTLE.plusSeconds(30));
        String task = create("while-it-has-ended");
        Awaitility.await("its result waits")
                .atMost(Duration.ofSeconds(30))
                .until(() -> agent.asked(pipeline -> pipeline.standing(task)).stream()
                        .anyMatch(part -> part.stage() == PartStanding.Stage.PUBLISHING));
        Awaitility.await("the ledger refused it")
                .atMost(Duration.ofSeconds(30))
                .until(() -> agent.asked(TaskPipeline::publishing).results() == 1);
        Awaitility.await("it says why")
                .atMost(Duration.ofSeconds(30))
                .until(() -> get("/readyz").body(), body -> body.contains("CERTIFICATE_EXPIRED"));
        assertThat(get("/readyz").body()).contains(ErrorCode.CERTIFICATE_EXPIRED.nextStep());
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        assertThat(warnings()).contains("CERTIFICATE_EXPIRED");
        assertThat(channel.view(task).end()).isNull();
        assertThat(agent.stopped()).isNotDone();

        wallet.renew(clock.instant(), far);
        channel.awaitEnd(task, Duration.ofSeconds(60));
        assertThat(channel.view(task).state()).isEqualTo(TaskState.SUCCEEDED);
        Awaitility.await("it is ready again")
                .atMost(Duration.ofSeconds(30))
                .until(() -> get("/readyz").statusCode() == 200);
        assertThat(warnings()).isEmpty();
        succeeds("after");
        assertThat(agent.stopped()).isNotDone();
    }

    @Test
    void a_new_key_is_taken_when_it_fits_and_is_registered_and_until_then_the_old_one_serves() throws Exception {
        start();
        var key = wallet.renewWithNewKey(clock.instant(), far);
        awaitWarning(ErrorCode.KEY_MISMATCH);
        key.put();
        awaitWarning(ErrorCode.NODE_UNKNOWN);
        succeeds("with-the-old-key");
        Channel.submit(
                channel.client("EwrMSP", "Admin"),
                ContractApi.REGISTER_NODE,
                new ContractApi.NodeRegistration(
                        "node1", Files.readString(wallet.signing().certificate())));
        Awaitility.await("the new key is taken")
                .atMost(Duration.ofSeconds(30))
                .until(() -> warnings().isEmpty());
        assertThat(new Checkup(agent).health().certificates())
                .contains(new CertificateTerm("signing", far.toEpochMilli(), "", ""));
        succeeds("with-the-new-key");
        assertThat(agent.stopped()).isNotDone();
    }

    @Test
    void links_are_made_with_a_renewed_tls_certificate_and_not_with_what_is_none() throws Exception {
        start();
        BigInteger renewed = wallet.renewTls(clock.instant(), far);
        Awaitility.await("the renewed certificate is presented")
                .atMost(Duration.ofSeconds(30))
                .until(this::presented, renewed::equals);
        assertThat(get("/metrics").body()).contains("selvage_certificate_end_seconds{use=\"TLS\"}");
        assertThat(new Checkup(agent).health().certificates())
                .contains(new CertificateTerm("TLS", far.toEpochMilli(), "", ""));
        Files.writeString(wallet.tls().certificate(), "nonsense");
        awaitWarning(ErrorCode.IDENTITY_INVALID);
        assertThat(presented()).isEqualTo(renewed);
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
    }

    private void start() throws Exception {
        var usual = channel.node("EwrMSP");
        var config = new NodeConfig(
                usual.file(),
                usual.node(),
                wallet.signing(),
                wallet.tls(),
                usual.ledger(),
                usual.follow(),
                usual.listen(),
                usual.advertise(),
                Optional.of(new HostPort("127.0.0.1", 0)),
                usual.data(),
                usual.engines(),
                usual.capacity(),
                usual.limits(),
                usual.retention());
        agent = Agent.start(config, EngineSource.of(Flow.engine(2)), clock);
        agent.ready().get(30, TimeUnit.SECONDS);
    }

    private String create(String name) {
        var workflow = Flow.named(name).patient().say("hello", "ewr", name).build();
        channel.deploy(workflow, Flow.SAY, Flow.JOIN);
        return channel.create(workflow, Map.of());
    }

    private void succeeds(String name) {
        String task = create(name);
        channel.awaitEnd(task, Duration.ofSeconds(30));
        assertThat(channel.view(task).state()).isEqualTo(TaskState.SUCCEEDED);
    }

    private String warnings() {
        return String.join("\n", new Controls(agent).status().warnings());
    }

    private void awaitWarning(ErrorCode code) {
        Awaitility.await(code + " is told")
                .atMost(Duration.ofSeconds(30))
                .until(() -> warnings().contains(code.name()));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(agent.monitorAddress() + path))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The serial number of the certificate that the node's port presents. */
    private BigInteger presented() throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAll()}, null);
        try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", agent.port())) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {
            // whoever it is
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {
            // whoever it is
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
