package dev.selvage.agent.peer;

import static dev.selvage.agent.Faults.assertFault;
import static dev.selvage.agent.peer.LedgerOfTwoTasks.EWR;
import static dev.selvage.agent.peer.LedgerOfTwoTasks.JFK;
import static dev.selvage.agent.peer.LedgerOfTwoTasks.LGA;
import static dev.selvage.agent.peer.LedgerOfTwoTasks.TASK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.selvage.agent.content.ContentLimits;
import dev.selvage.agent.content.ContentRef;
import dev.selvage.agent.content.ContentStore;
import dev.selvage.agent.content.Hold;
import dev.selvage.agent.content.Retention;
import dev.selvage.agent.content.Salt;
import dev.selvage.agent.content.Stored;
import dev.selvage.agent.peer.v1.Chunk;
import dev.selvage.agent.peer.v1.FetchRequest;
import dev.selvage.agent.peer.v1.Head;
import dev.selvage.agent.peer.v1.PeerGrpc;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes of three organisations with links over TLS on the loopback interface. */
class PeerLinksTest {
    private static final Hold HOLD = Hold.inFlight("run");
    private static final Purpose INPUT = new Purpose.RunInput(TASK, "merge", "tables");

    @TempDir
    Path folder;

    private final Clock clock = Clock.systemUTC();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Map<NodeId, InetSocketAddress> addresses = new ConcurrentHashMap<>();
    private final TestOrganisation ewr = new TestOrganisation("EwrMSP", clock.instant());
    private final TestOrganisation jfk = new TestOrganisation("JfkMSP", clock.instant());
    private final TestOrganisation lga = new TestOrganisation("LgaMSP", clock.instant());
    private final ChannelRoots roots =
            new ChannelRoots(List.of(ewr.authorities(), jfk.authorities(), lga.authorities()));
    private final MemberSigner ewrKey = ewr.client("node1@ewr.example");
    private final MemberSigner jfkKey = jfk.client("node1@jfk.example");
    private final MemberSigner lgaKey = lga.client("node1@lga.example");
    private final LedgerOfTwoTasks ledger = new LedgerOfTwoTasks(ewrKey, jfkKey);
    private final Entitlements entitlements = new Entitlements(ledger, null);
    private ContentStore ewrStore;
    private ContentStore jfkStore;
    private PeerLinks links;

    @BeforeEach
    void start() throws IOException {
        ewrStore = store("ewr");
        jfkStore = store("jfk");
        serve(EWR, ewr, ewrStore, 8);
        links = links(JFK, jfk, jfkKey, jfkStore);
    }

    @AfterEach
    void stop() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private ContentStore store(String name) {
        var store = ContentStore.open(folder.resolve(name), ContentLimits.DEFAULT, clock);
        open.push(store);
        return store;
    }

    private PeerTls tls(TestOrganisation organisation) throws IOException {
        return organisation.tls(folder);
    }

    private PeerServer serve(NodeId node, TestOrganisation organisation, ContentStore store, int streams)
            throws IOException {
        var service = new PeerService(node, new MemberCheck(roots), entitlements, store, streams, clock);
        var server = PeerServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                tls(organisation),
                roots,
                service,
                List.of());
        open.push(server);
        addresses.put(node, new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        return server;
    }

    private PeerLinks links(NodeId node, TestOrganisation organisation, MemberSigner key, ContentStore store)
            throws IOException {
        var made = new PeerLinks(
                node,
                key,
                tls(organisation),
                roots,
                asked -> Optional.ofNullable(addresses.get(asked)),
                store,
                4,
                clock);
        open.push(made);
        return made;
    }

    /** A holder that does what a test says, with a certificate of the organisation. */
    private void misbehave(NodeId node, TestOrganisation organisation, BindableService service) throws IOException {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sslContext(tls(organisation).server(roots.tlsRoots(), true))
                .addService(service)
                .build()
                .start();
        open.push(() -> server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS));
        addresses.put(node, new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static Stored put(ContentStore store, byte[] bytes) {
        return store.put(new ByteArrayInputStream(bytes), bytes.length, Hold.owned("result"));
    }

    private Instant soon() {
        return clock.instant().plusSeconds(30);
    }

    private Instant verySoon() {
        return clock.instant().plusMillis(400);
    }

    private byte[] read(ContentStore store, Digest digest) throws IOException {
        try (var in = store.open(digest)) {
            return in.readAllBytes();
        }
    }

    @Test
    void brings_an_input_from_the_node_that_made_it() throws IOException {
        byte[] bytes = bytes(300_000);
        var place = ledger.commit("delays", EWR, put(ewrStore, bytes));
        var stored = links.fetch(place.ref(), INPUT, HOLD, soon());
        assertThat(read(jfkStore, stored.digest())).isEqualTo(bytes);
        assertThat(jfkStore.references(Retention.IN_FLIGHT)).containsExactly("run");
    }

    @Test
    void brings_empty_content_too() {
        var place = ledger.commit("delays", EWR, put(ewrStore, new byte[0]));
        assertThat(links.fetch(place.ref(), INPUT, HOLD, soon()).size()).isZero();
    }

    @Test
    void brings_salted_content_with_its_salt() throws IOException {
        byte[] bytes = bytes(20);
        var salted = ewrStore.put(new ByteArrayInputStream(bytes), 20, Hold.owned("result"), Salt.fresh());
        var place = ledger.commit("delays", EWR, salted);
        var stored = links.fetch(place.ref(), INPUT, HOLD, soon());
        assertThat(stored).isEqualTo(salted);
        assertThat(read(jfkStore, salted.ledgerDigest())).isEqualTo(bytes);
        var byPlainDigest = new ContentRef(salted.digest(), false, 20, "text/csv", Optional.empty(), List.of(EWR));
        var other = links(JFK, jfk, jfkKey, store("jfk2"));
        assertFault(ErrorCode.CONTENT_UNKNOWN, () -> other.fetch(byPlainDigest, INPUT, HOLD, verySoon()));
    }

    @Test
    void what_is_here_already_is_not_asked_for() {
        var place = ledger.commit("delays", EWR, put(ewrStore, bytes(10)));
        put(jfkStore, bytes(10));
        addresses.clear();
        assertThat(links.fetch(place.ref(), INPUT, HOLD, soon()).size()).isEqualTo(10);
    }

    @Test
    void refuses_a_node_that_is_not_entitled() throws IOException {
        var place = ledger.commit("delays", EWR, put(ewrStore, bytes(10)));
        var lgaLinks = links(LGA, lga, lgaKey, store("lga"));
        assertFault(ErrorCode.NOT_ENTITLED, () -> lgaLinks.fetch(place.ref(), INPUT, HOLD, soon()))
                .contains("LgaMSP/node1");
        assertFault(ErrorCode.NOT_ENTITLED, () -> lgaLinks.fetch(place.ref(), new Purpose.Result(TASK), HOLD, soon()));
    }

    @Test
    void a_refusal_of_the_first_holder_ends_the_search_and_one_of_another_does_not() throws IOException {
        byte[] bytes = bytes(10);
        var place = ledger.commit("delays", EWR, put(ewrStore, bytes));
        misbehave(LGA, lga, new PeerGrpc.PeerImplBase() {
            @Override
            public void fetch(FetchRequest request, StreamObserver<Chunk> answers) {
                answers.onError(PeerStatus.of(new SelvageException(ErrorCode.NOT_ENTITLED, "No.")));
            }
        });
        NodeId silent = NodeId.parse("LgaMSP/node9");
        var refusedByFirst =
                new ContentRef(place.fact().digest(), false, 10, "text/csv", Optional.empty(), List.of(LGA, silent));
        assertFault(ErrorCode.NOT_ENTITLED, () -> links.fetch(refusedByFirst, INPUT, HOLD, soon()));
        var refusedBySecond = new ContentRef(
                place.fact().digest(), false, 10, "text/csv", Optional.empty(), List.of(silent, LGA, EWR));
        assertThat(links.fetch(refusedBySecond, INPUT, HOLD, soon()).size()).isEqualTo(10);
    }

    @Test
    void refuses_a_revoked_key() {
        var place = ledger.commit("delays", EWR, put(ewrStore, bytes(10)));
        ledger.revoke("JfkMSP", jfkKey.spki());
        assertFault(ErrorCode.NODE_REVOKED, () -> links.fetch(place.ref(), INPUT, HOLD, soon()));
    }

    @Test
    void waits_until_the_holder_has_read_the_ledger_as_far() throws Exception {
        var stored = put(ewrStore, bytes(10));
        var ref = new ContentRef(stored.digest(), false, 10, "text/csv", Optional.empty(), List.of(EWR));
        var threads = Executors.newSingleThreadExecutor();
        try {
            var fetched = threads.submit(() -> links.fetch(ref, INPUT, HOLD, soon()));
            await().during(Duration.ofMillis(120)).until(() -> !fetched.isDone());
            ledger.commit("delays", EWR, stored);
            assertThat(fetched.get(20, TimeUnit.SECONDS)).isEqualTo(stored);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void content_that_nobody_has_is_unknown_at_the_deadline() {
        var place = ledger.commit("delays", EWR, new Stored(Digest.of(bytes(77)), 77, Optional.empty()));
        assertFault(ErrorCode.CONTENT_UNKNOWN, () -> links.fetch(place.ref(), INPUT, HOLD, verySoon()))
                .contains("time to fetch is over");
    }

    @Test
    void a_node_that_does_not_answer_is_unreachable() throws IOException {
        var place = ledger.commit("delays", LGA, new Stored(Digest.of(bytes(5)), 5, Optional.empty()));
        var ref = new ContentRef(place.fact().digest(), false, 5, "text/csv", Optional.empty(), List.of(LGA));
        assertFault(ErrorCode.PEER_UNREACHABLE, () -> links.fetch(ref, INPUT, HOLD, verySoon()))
                .contains("no address");
        try (var taken = new ServerSocket(0)) {
            addresses.put(LGA, new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort()));
        }
        assertFault(ErrorCode.PEER_UNREACHABLE, () -> links.fetch(ref, INPUT, HOLD, verySoon()));
    }

    @Test
    void a_server_of_another_organisation_is_not_taken_for_the_holder() throws IOException {
        var place = ledger.commit("delays", EWR, put(ewrStore, bytes(10)));
        serve(EWR, lga, ewrStore, 8);
        assertFault(
                        ErrorCode.PEER_UNREACHABLE,
                        () -> links.fetch(
                                place.ref(), INPUT, HOLD, clock.instant().plusSeconds(4)))
                .contains("certification path");
    }

    @Test
    void a_caller_without_a_certificate_of_the_channel_is_not_let_in() throws Exception {
        var stranger = new TestOrganisation("EwrMSP", clock.instant());
        var channel = NettyChannelBuilder.forAddress(
                        "127.0.0.1", addresses.get(EWR).getPort())
                .sslContext(stranger.tls(folder).client(roots.tlsRoots()))
                .build();
        var bare = NettyChannelBuilder.forAddress(
                        "127.0.0.1", addresses.get(EWR).getPort())
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(roots.tlsRoots().toArray(X509Certificate[]::new))
                        .build())
                .build();
        for (ManagedChannel one : List.of(channel, bare)) {
            open.push(one::shutdownNow);
            Assertions.assertThatThrownBy(() -> PeerGrpc.newBlockingStub(one)
                            .fetch(FetchRequest.getDefaultInstance())
                            .hasNext())
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
        }
    }

    @Test
    void tampered_bytes_are_refused_and_the_next_holder_is_asked() throws IOException {
        byte[] bytes = bytes(200_000);
        var place = ledger.commit("delays", EWR, put(ewrStore, bytes));
        byte[] tampered = bytes.clone();
        tampered[150_000] ^= 1;
        misbehave(LGA, lga, answering(200_000, tampered));
        var ref = new ContentRef(
                place.fact().digest(), false, bytes.length, "text/csv", Optional.empty(), List.of(LGA, EWR));
        assertThat(read(jfkStore, links.fetch(ref, INPUT, HOLD, soon()).digest()))
                .isEqualTo(bytes);

        var only = new ContentRef(Digest.of(bytes(3)), false, 200_000, "text/csv", Optional.empty(), List.of(LGA));
        assertFault(ErrorCode.DIGEST_MISMATCH, () -> links.fetch(only, INPUT, HOLD, soon()));
    }

    @Test
    void more_bytes_than_the_ledger_names_are_cut() throws IOException {
        var asked = new AtomicInteger();
        misbehave(LGA, lga, new PeerGrpc.PeerImplBase() {
            @Override
            public void fetch(FetchRequest request, StreamObserver<Chunk> answers) {
                asked.incrementAndGet();
                answers.onNext(head(10));
                for (int i = 0; i < 100; i++) {
                    answers.onNext(data(new byte[1000]));
                }
            }
        });
        var ref = new ContentRef(Digest.of(bytes(10)), false, 10, "text/csv", Optional.empty(), List.of(LGA));
        assertFault(ErrorCode.DIGEST_MISMATCH, () -> links.fetch(ref, INPUT, HOLD, soon()));
        assertThat(asked).hasValue(1);
        misbehave(LGA, lga, answering(11, new byte[11]));
        assertFault(ErrorCode.DIGEST_MISMATCH, () -> links.fetch(ref, INPUT, HOLD, soon()))
                .contains("offers 11 bytes");
    }

    @Test
    void goes_on_where_a_cut_happened() throws IOException {
        byte[] bytes = bytes(500_000);
        var place = ledger.commit("delays", EWR, put(ewrStore, bytes));
        List<Long> offsets = new ArrayList<>();
        misbehave(LGA, lga, new PeerGrpc.PeerImplBase() {
            @Override
            public void fetch(FetchRequest request, StreamObserver<Chunk> answers) {
                answers.onNext(head(bytes.length));
                answers.onNext(data(Arrays.copyOf(bytes, 65_000)));
                answers.onError(Status.UNAVAILABLE.asRuntimeException());
            }
        });
        misbehaveBehind(EWR, ewr, ewrStore, offsets);
        var ref = new ContentRef(
                place.fact().digest(), false, bytes.length, "text/csv", Optional.empty(), List.of(LGA, EWR));
        assertThat(read(jfkStore, links.fetch(ref, INPUT, HOLD, soon()).digest()))
                .isEqualTo(bytes);
        assertThat(offsets).containsExactly(65_000L);
    }

    @Test
    void begins_anew_when_the_pieces_of_two_holders_do_not_fit() throws IOException {
        byte[] bytes = bytes(300_000);
        var place = ledger.commit("delays", EWR, put(ewrStore, bytes));
        List<Long> offsets = new ArrayList<>();
        misbehave(LGA, lga, new PeerGrpc.PeerImplBase() {
            @Override
            public void fetch(FetchRequest request, StreamObserver<Chunk> answers) {
                answers.onNext(head(bytes.length));
                answers.onNext(data(new byte[1_000]));
                answers.onError(Status.UNAVAILABLE.asRuntimeException());
            }
        });
        misbehaveBehind(EWR, ewr, ewrStore, offsets);
        var ref = new ContentRef(
                place.fact().digest(), false, bytes.length, "text/csv", Optional.empty(), List.of(LGA, EWR));
        assertThat(read(jfkStore, links.fetch(ref, INPUT, HOLD, soon()).digest()))
                .isEqualTo(bytes);
        assertThat(offsets).containsExactly(1_000L, 0L);
    }

    @Test
    void survives_a_restart_of_the_holder() throws Exception {
        byte[] bytes = bytes(100_000);
        var place = ledger.commit("delays", EWR, put(ewrStore, bytes));
        ((PeerServer) open.stream()
                        .filter(PeerServer.class::isInstance)
                        .findFirst()
                        .orElseThrow())
                .close();
        var threads = Executors.newSingleThreadExecutor();
        try {
            var fetched = threads.submit(() -> links.fetch(place.ref(), INPUT, HOLD, soon()));
            await().during(Duration.ofMillis(120)).until(() -> !fetched.isDone());
            serve(EWR, ewr, ewrStore, 8);
            assertThat(fetched.get(20, TimeUnit.SECONDS).size()).isEqualTo(100_000);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void many_that_want_the_same_content_fetch_it_once() throws Exception {
        byte[] bytes = bytes(100_000);
        var place = ledger.commit("delays", EWR, put(ewrStore, bytes));
        List<Long> offsets = new ArrayList<>();
        misbehaveBehind(EWR, ewr, ewrStore, offsets);
        var threads = Executors.newFixedThreadPool(8);
        try {
            var all = new ArrayList<Callable<Stored>>();
            for (int i = 0; i < 16; i++) {
                Hold hold = Hold.inFlight("run-" + i);
                all.add(() -> links.fetch(place.ref(), INPUT, hold, soon()));
            }
            for (var one : threads.invokeAll(all)) {
                assertThat(one.get().size()).isEqualTo(100_000);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(offsets).containsExactly(0L);
        assertThat(jfkStore.references(Retention.IN_FLIGHT)).hasSize(16);
    }

    @Test
    void a_holder_with_all_streams_taken_says_so_and_is_asked_again() throws IOException {
        var place = ledger.commit("delays", EWR, put(ewrStore, bytes(10)));
        serve(EWR, ewr, ewrStore, 0);
        assertFault(ErrorCode.TOO_MANY_REQUESTS, () -> links.fetch(place.ref(), INPUT, HOLD, verySoon()));
    }

    private static Chunk head(long size) {
        return Chunk.newBuilder().setHead(Head.newBuilder().setSize(size)).build();
    }

    private static Chunk data(byte[] bytes) {
        return Chunk.newBuilder().setData(ByteString.copyFrom(bytes)).build();
    }

    private static BindableService answering(long size, byte[] bytes) {
        return new PeerGrpc.PeerImplBase() {
            @Override
            public void fetch(FetchRequest request, StreamObserver<Chunk> answers) {
                answers.onNext(head(size));
                for (int at = 0; at < bytes.length; at += 60_000) {
                    answers.onNext(data(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 60_000))));
                }
                answers.onCompleted();
            }
        };
    }

    /** The true service, with a note of the offsets that were asked for. */
    private void misbehaveBehind(NodeId node, TestOrganisation organisation, ContentStore store, List<Long> offsets)
            throws IOException {
        var service = new PeerService(node, new MemberCheck(roots), entitlements, store, 8, clock);
        misbehave(node, organisation, new PeerGrpc.PeerImplBase() {
            @Override
            public void fetch(FetchRequest request, StreamObserver<Chunk> answers) {
                synchronized (offsets) {
                    offsets.add(FetchRequests.parse(request).getOffset());
                }
                service.fetch(request, answers);
            }
        });
    }
}
