package dev.selvage.agent.peer;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One connection to each node that was asked, opened when needed and again when its address changes. Thread-safe. */
final class Connections implements AutoCloseable {
    private final PeerTls tls;
    private final ChannelRoots roots;
    private final PeerAddresses addresses;
    private final Map<NodeId, Connection> open = new HashMap<>();

    Connections(PeerTls tls, ChannelRoots roots, PeerAddresses addresses) {
        this.tls = tls;
        this.roots = roots;
        this.addresses = addresses;
    }

    private record Connection(InetSocketAddress address, ManagedChannel channel) {}

    /** @throws SelvageException PEER_UNREACHABLE when no address is known */
    synchronized ManagedChannel to(NodeId node) {
        InetSocketAddress address = addresses
                .find(node)
                .orElseThrow(() -> new SelvageException(
                        ErrorCode.PEER_UNREACHABLE, node + " has told the ledger no address of its links."));
        Connection known = open.get(node);
        if (known != null && known.address().equals(address)) {
            return known.channel();
        }
        if (known != null) {
            known.channel().shutdown();
        }
        var authorities = roots.of(node.msp())
                .orElseThrow(() -> new SelvageException(
                        ErrorCode.PEER_UNREACHABLE, node.msp() + " is no organisation of the channel."));
        ManagedChannel channel = NettyChannelBuilder.forAddress(address.getHostString(), address.getPort())
                .sslContext(tls.client(authorities.tlsRoots()))
                .maxInboundMessageSize(1 << 20)
                .keepAliveTime(30, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .idleTimeout(5, TimeUnit.MINUTES)
                .disableRetry()
                .build();
        open.put(node, new Connection(address, channel));
        return channel;
    }

    @Override
    public synchronized void close() {
        open.values().forEach(connection -> connection.channel().shutdownNow());
        open.clear();
    }
}
