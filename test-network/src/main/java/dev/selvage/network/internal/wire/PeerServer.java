package dev.selvage.network.internal.wire;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.IdentityFiles.TlsFiles;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.hyperledger.fabric.protos.gateway.GatewayGrpc;
import org.hyperledger.fabric.protos.peer.DeliverGrpc;
import org.hyperledger.fabric.protos.peer.EndorserGrpc;

/** A TLS port of the ledger. */
public final class PeerServer implements AutoCloseable {
    private static final int LARGEST_MESSAGE = 100 * 1024 * 1024;
    private static final int OTHER_SERVICES_LIMIT = 2_500;

    private final Server server;

    private PeerServer(Server server) {
        this.server = server;
    }

    /**
     * Listens as an organisation's peer.
     *
     * @param gatewayLimit concurrent calls of the gateway service, waiting ones included
     * @param further services of this port besides Fabric's
     * @throws SelvageException PORT_TAKEN
     */
    public static PeerServer peer(
            PeerContext peer,
            String msp,
            HostPort address,
            TlsFiles tls,
            int gatewayLimit,
            List<BindableService> further)
            throws IOException {
        List<BindableService> services = new ArrayList<>(further);
        services.add(new GatewayService(peer, msp));
        services.add(new DeliverService(peer));
        services.add(new EndorserService(peer, msp));
        Map<String, Integer> limits = Map.of(
                GatewayGrpc.SERVICE_NAME, gatewayLimit,
                DeliverGrpc.SERVICE_NAME, OTHER_SERVICES_LIMIT,
                EndorserGrpc.SERVICE_NAME, OTHER_SERVICES_LIMIT);
        return start(peer, address, tls, services, new ConcurrencyLimit(limits));
    }

    /** Listens as the ordering service. */
    public static PeerServer orderer(PeerContext peer, HostPort address, TlsFiles tls) throws IOException {
        return start(peer, address, tls, List.of(new OrdererService(peer)), new ConcurrencyLimit(Map.of()));
    }

    private static PeerServer start(
            PeerContext peer, HostPort address, TlsFiles tls, List<BindableService> services, ConcurrencyLimit limit)
            throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(address.host(), address.port()))
                .sslContext(GrpcSslContexts.configure(
                                SslContextBuilder.forServer(new OneKeyManager(tls.readKey(), tls.readCertificate())))
                        .build())
                .executor(peer.executor())
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .permitKeepAliveTime(1, TimeUnit.MINUTES)
                .permitKeepAliveWithoutCalls(true)
                .intercept(limit);
        services.forEach(builder::addService);
        try {
            return new PeerServer(builder.build().start());
        } catch (IOException e) {
            if (taken(e)) {
                throw new SelvageException(ErrorCode.PORT_TAKEN, address + " is taken", e);
            }
            throw e;
        }
    }

    /** Netty's own transport has no exception of its own for this. */
    private static boolean taken(Throwable failure) {
        return failure instanceof BindException
                || String.valueOf(failure.getMessage()).contains("Address already in use")
                || (failure.getCause() != null && taken(failure.getCause()));
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
