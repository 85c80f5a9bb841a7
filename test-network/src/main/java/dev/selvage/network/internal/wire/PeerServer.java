package dev.selvage.network.internal.wire;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.hyperledger.fabric.protos.gateway.GatewayGrpc;
import org.hyperledger.fabric.protos.peer.DeliverGrpc;
import org.hyperledger.fabric.protos.peer.EndorserGrpc;

/** The TLS port of one organisation's peer. */
public final class PeerServer implements AutoCloseable {
    private static final int LARGEST_MESSAGE = 100 * 1024 * 1024;
    private static final int OTHER_SERVICES_LIMIT = 2_500;

    private final Server server;

    private PeerServer(Server server) {
        this.server = server;
    }

    /**
     * Listens.
     *
     * @param host the local address
     * @param gatewayLimit concurrent calls of the gateway service, waiting ones included
     * @param further services of this port besides gateway and deliver
     * @throws SelvageException PORT_TAKEN
     */
    public static PeerServer start(
            PeerContext peer,
            String msp,
            String host,
            int port,
            Path certificate,
            Path key,
            int gatewayLimit,
            List<BindableService> further)
            throws IOException {
        SslContext tls =
                GrpcSslContexts.forServer(certificate.toFile(), key.toFile()).build();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress(host, port))
                .sslContext(tls)
                .executor(peer.executor())
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .permitKeepAliveTime(1, TimeUnit.MINUTES)
                .permitKeepAliveWithoutCalls(true)
                .intercept(new ConcurrencyLimit(Map.of(
                        GatewayGrpc.SERVICE_NAME, gatewayLimit,
                        DeliverGrpc.SERVICE_NAME, OTHER_SERVICES_LIMIT,
                        EndorserGrpc.SERVICE_NAME, OTHER_SERVICES_LIMIT)))
                .addService(new GatewayService(peer, msp))
                .addService(new DeliverService(peer));
        further.forEach(builder::addService);
        try {
            return new PeerServer(builder.build().start());
        } catch (IOException e) {
            if (e instanceof BindException || e.getCause() instanceof BindException) {
                throw new SelvageException(ErrorCode.PORT_TAKEN, "port " + port + " of " + host + " is taken", e);
            }
            throw e;
        }
    }

    public int port() {
        return server.getPort();
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
