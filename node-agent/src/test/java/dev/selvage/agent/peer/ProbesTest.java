package dev.selvage.agent.peer;

import static dev.selvage.agent.peer.LedgerOfTwoTasks.EWR;
import static dev.selvage.agent.peer.LedgerOfTwoTasks.JFK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that try the ways to each other, over TLS on the loopback interface. */
class ProbesTest {
    @TempDir
    Path folder;

    private final Clock clock = Clock.systemUTC();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Map<NodeId, InetSocketAddress> addresses = new ConcurrentHashMap<>();
    private final TestOrganisation ewr = new TestOrganisation("EwrMSP", clock.instant());
    private final TestOrganisation jfk = new TestOrganisation("JfkMSP", clock.instant());
    private final ChannelRoots roots = new ChannelRoots(List.of(ewr.authorities(), jfk.authorities()));
    private Probes fromEwr;

    @BeforeEach
    void start() throws Exception {
        fromEwr = node(EWR, ewr, clock);
        node(JFK, jfk, Clock.offset(clock, Duration.ofSeconds(7)));
    }

    @AfterEach
    void stop() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private Probes node(NodeId node, TestOrganisation organisation, Clock time) throws Exception {
        var tls = organisation.tls(folder);
        var connections = new Connections(tls, roots, other -> Optional.ofNullable(addresses.get(other)));
        open.push(connections);
        var probes = new Probes(node, connections, time);
        var service = new PeerService(node, new MemberCheck(roots), null, null, 1, time);
        var server = PeerServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                tls,
                roots,
                service,
                List.of(new ProbeService(node, probes, time)::forNodes));
        open.push(server);
        addresses.put(node, new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        return probes;
    }

    private static ErrorCode code(Probes.Tried tried) {
        return tried.fault().map(SelvageException::code).orElseThrow();
    }

    @Test
    void tells_that_both_ways_work_and_how_far_the_clocks_are_apart() {
        var there = fromEwr.there(JFK);
        assertThat(there.fault()).isEmpty();
        assertThat(there.skew()).isCloseTo(Duration.ofSeconds(7), Duration.ofSeconds(1));
        var back = fromEwr.back(JFK);
        assertThat(back.fault()).isEmpty();
        assertThat(back.skew()).isCloseTo(Duration.ofSeconds(-7), Duration.ofSeconds(1));
    }

    @Test
    void tells_that_only_the_way_back_is_cut() {
        addresses.put(EWR, new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        assertThat(fromEwr.there(JFK).fault()).isEmpty();
        assertThat(code(fromEwr.back(JFK))).isEqualTo(ErrorCode.PEER_UNREACHABLE);
    }

    @Test
    void tells_that_a_node_has_no_address_on_the_ledger_or_is_another_one() {
        assertThat(code(fromEwr.there(new NodeId("JfkMSP", "node9")))).isEqualTo(ErrorCode.PEER_UNREACHABLE);
        addresses.put(new NodeId("JfkMSP", "node9"), addresses.get(JFK));
        assertThat(code(fromEwr.there(new NodeId("JfkMSP", "node9")))).isEqualTo(ErrorCode.REQUEST_INVALID);
    }

    @Test
    void tells_nothing_to_callers_without_a_certificate_of_the_channel() throws Exception {
        var address = addresses.get(JFK);
        var channel = NettyChannelBuilder.forAddress(address.getHostString(), address.getPort())
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(jfk.authorities().tlsRoots())
                        .build())
                .build();
        open.push(channel::shutdownNow);
        var stub = dev.selvage.agent.peer.v1.ProbeGrpc.newBlockingStub(channel);
        var request = dev.selvage.agent.peer.v1.HelloRequest.newBuilder()
                .setNode(JFK.toString())
                .build();
        assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                StatusRuntimeException.class, () -> stub.hello(request))
                        .getStatus()
                        .getDescription())
                .startsWith("SELVAGE/IDENTITY_INVALID");
    }
}
