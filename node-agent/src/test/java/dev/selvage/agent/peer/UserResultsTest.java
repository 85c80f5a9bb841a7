package dev.selvage.agent.peer;

import static dev.selvage.agent.Faults.assertFault;
import static dev.selvage.agent.peer.LedgerOfTwoTasks.EWR;
import static dev.selvage.agent.peer.LedgerOfTwoTasks.JFK;
import static dev.selvage.agent.peer.LedgerOfTwoTasks.LGA;
import static dev.selvage.agent.peer.LedgerOfTwoTasks.TASK;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.agent.content.ContentLimits;
import dev.selvage.agent.content.ContentStore;
import dev.selvage.agent.content.Hold;
import dev.selvage.agent.content.Retention;
import dev.selvage.agent.content.Salt;
import dev.selvage.agent.content.Stored;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user of JfkMSP asks a node of JfkMSP, which fetches from EwrMSP's. */
class UserResultsTest {
    @TempDir
    Path folder;

    private final Clock clock = Clock.systemUTC();
    private final TestOrganisation ewr = new TestOrganisation("EwrMSP", clock.instant());
    private final TestOrganisation jfk = new TestOrganisation("JfkMSP", clock.instant());
    private final ChannelRoots roots = new ChannelRoots(List.of(ewr.authorities(), jfk.authorities()));
    private final MemberSigner node = jfk.client("node1@jfk.example");
    private final MemberSigner user = jfk.client("User1@jfk.example");
    private final LedgerOfTwoTasks ledger = new LedgerOfTwoTasks(ewr.client("node1"), node);
    private final Entitlements entitlements = new Entitlements(ledger, null);
    private ContentStore ewrStore;
    private ContentStore jfkStore;
    private PeerServer server;
    private PeerLinks links;
    private UserResults results;

    @BeforeEach
    void start() throws IOException {
        ewrStore = ContentStore.open(folder.resolve("ewr"), ContentLimits.DEFAULT, clock);
        jfkStore = ContentStore.open(folder.resolve("jfk"), ContentLimits.DEFAULT, clock);
        var members = new MemberCheck(roots);
        server = PeerServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                ewr.tls(folder),
                roots,
                new PeerService(EWR, members, entitlements, ewrStore, 4, clock),
                List.of());
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
        links = new PeerLinks(JFK, node, jfk.tls(folder), roots, asked -> Optional.of(address), jfkStore, 4, clock);
        results = new UserResults(JFK, members, entitlements, ledger, jfkStore, links, clock);
    }

    @AfterEach
    void stop() {
        links.close();
        server.close();
        jfkStore.close();
        ewrStore.close();
    }

    private Stored put(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return ewrStore.put(new ByteArrayInputStream(bytes), 100, Hold.owned("result"), Salt.fresh());
    }

    private Instant soon() {
        return clock.instant().plusSeconds(20);
    }

    @Test
    void a_user_gets_a_result_through_the_own_organisations_node() throws IOException {
        Digest digest = ledger.commit("delays", EWR, put("UA,5066\n")).fact().digest();
        try (var opened = results.open(FetchRequests.ofUser(user, JFK, digest, TASK, clock), soon())) {
            assertThat(opened.bytes().readAllBytes()).isEqualTo("UA,5066\n".getBytes(UTF_8));
            assertThat(opened.mediaType()).isEqualTo("text/csv");
            assertThat(opened.asker().toString()).isEqualTo("User1@JfkMSP");
            assertThat(jfkStore.references(Retention.IN_FLIGHT)).hasSize(1);
        }
        assertThat(jfkStore.references(Retention.IN_FLIGHT)).isEmpty();
    }

    @Test
    void refuses_a_user_who_may_not_see_it() {
        Digest digest = ledger.commit("private", EWR, put("secret")).fact().digest();
        assertFault(
                ErrorCode.NOT_ENTITLED,
                () -> results.open(FetchRequests.ofUser(user, JFK, digest, TASK, clock), soon()));
        assertThat(jfkStore.find(digest)).isEmpty();
    }

    @Test
    void refuses_users_of_others_and_requests_of_nodes() {
        Digest digest = ledger.commit("merge", EWR, put("public")).fact().digest();
        var stranger = ewr.client("User1@ewr.example");
        assertFault(
                        ErrorCode.NOT_PERMITTED,
                        () -> results.open(FetchRequests.ofUser(stranger, JFK, digest, TASK, clock), soon()))
                .contains("a user of EwrMSP asks a node of EwrMSP");
        var asNode = FetchRequests.ofNode(
                NodeId.parse("JfkMSP/node2"), user, JFK, digest, 0, new Purpose.Result(TASK), clock);
        assertFault(ErrorCode.REQUEST_INVALID, () -> results.open(asNode, soon()));
    }

    @Test
    void a_request_for_one_node_is_not_taken_by_another() {
        Digest digest = ledger.commit("merge", EWR, put("public")).fact().digest();
        assertFault(
                ErrorCode.REQUEST_INVALID,
                () -> results.open(FetchRequests.ofUser(user, LGA, digest, TASK, clock), soon()));
    }
}
