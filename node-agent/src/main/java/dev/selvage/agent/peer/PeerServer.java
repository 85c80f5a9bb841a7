package dev.selvage.agent.peer;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Listens for links of other nodes, over mutual TLS with certificates of the channel's organisations. */
public final class PeerServer implements AutoCloseable {
    /** A call that sends waits on its thread for its reader: as many as fetches and audits may at once, and some for all else. */
    private static final int THREADS = 64;

    private static final int STREAMS_PER_CONNECTION = 64;
    private static final int LARGEST_HEADERS = 8 * 1024;

    private final Server server;
    private final ExecutorService threads;

    private PeerServer(Server server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Starts to listen.
     *
     * @param listen port 0 takes a free one
     * @param roots whose TLS authorities let callers in
     * @param others further services on the same port; with any, callers of those need no certificate, those of {@code service} always do
     * @throws SelvageException PORT_TAKEN, IDENTITY_INVALID
     */
    public static PeerServer start(
            InetSocketAddress listen,
            PeerTls tls,
            ChannelRoots roots,
            PeerService service,
            List<BindableService> others) {
        var number = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "peer-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        var builder = NettyServerBuilder.forAddress(listen)
                .sslContext(tls.server(roots.tlsRoots(), others.isEmpty()))
                .executor(threads)
                .maxInboundMessageSize(FetchRequests.LARGEST)
                .maxInboundMetadataSize(LARGEST_HEADERS)
                .maxConcurrentCallsPerConnection(STREAMS_PER_CONNECTION)
                .permitKeepAliveTime(10, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(30, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .handshakeTimeout(10, TimeUnit.SECONDS)
                .addService(ServerInterceptors.intercept(service, new CertificateNeeded()));
        others.forEach(builder::addService);
        try {
            return new PeerServer(builder.build().start(), threads);
        } catch (IOException e) {
            threads.shutdownNow();
            throw new SelvageException(
                    ErrorCode.PORT_TAKEN, "Cannot listen on " + listen + ": " + e.getMessage() + ".", e);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** Ends all links; what is being sent is cut, and its asker goes on elsewhere or later. */
    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }
}
