package dev.selvage.agent.ledger;

import dev.selvage.agent.peer.MemberSigner;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.Hash;
import org.hyperledger.fabric.client.identity.X509Identity;

/** Gateways to the peers of the own organisation, one in use at a time. Thread-safe. */
final class Endpoints implements AutoCloseable {
    private static final int MAX_BLOCK = 128 << 20;
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final List<Way> ways = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final MemberSigner identity;
    private final Patience patience;
    private final AtomicInteger current = new AtomicInteger();

    /**
     * Makes the gateways; nothing is connected yet.
     *
     * @param addresses host:port, the preferred first
     * @param tlsRoot PEM; empty for no TLS
     * @param serverNames the names in the peers' certificates: none where they are the hosts', one for all, or one for each
     * @throws SelvageException FILE_UNREADABLE
     */
    Endpoints(
            List<String> addresses,
            Optional<Path> tlsRoot,
            List<String> serverNames,
            MemberSigner identity,
            Patience patience) {
        this.identity = identity;
        this.patience = patience;
        ChannelCredentials credentials = credentials(tlsRoot);
        for (String address : addresses) {
            var builder = Grpc.newChannelBuilder(address, credentials)
                    .maxInboundMessageSize(MAX_BLOCK)
                    .keepAliveTime(patience.ping().toMillis(), TimeUnit.MILLISECONDS)
                    .keepAliveTimeout(patience.pong().toMillis(), TimeUnit.MILLISECONDS);
            if (!serverNames.isEmpty()) {
                builder.overrideAuthority(serverNames.get(serverNames.size() == 1 ? 0 : names.size()));
            }
            var channel = builder.build();
            channels.add(channel);
            names.add(address);
            ways.add(way(channel, identity.now()));
        }
    }

    /** A gateway, and who signs what it prepares. */
    record Way(Gateway gateway, MemberSigner signer) {}

    /**
     * How long a peer may be silent before it counts as gone.
     *
     * @param ping after so long without a word on an open connection it is asked for one; Fabric's peers end connections that ask more often
     *     than once a minute (peer.keepalive.minInterval)
     * @param pong within which it answers that
     */
    record Patience(Duration evaluate, Duration endorse, Duration submit, Duration ping, Duration pong) {
        static final Patience DEFAULT = new Patience(
                Duration.ofSeconds(20),
                Duration.ofSeconds(30),
                Duration.ofSeconds(15),
                Duration.ofSeconds(61),
                Duration.ofSeconds(10));
    }

    private Way way(ManagedChannel channel, MemberSigner signer) {
        var gateway = Gateway.newInstance()
                .identity(new X509Identity(signer.msp(), signer.certificate()))
                .signer(signer::signDigest)
                .hash(Hash.SHA256)
                .connection(channel)
                .evaluateOptions(
                        options -> options.withDeadlineAfter(patience.evaluate().toMillis(), TimeUnit.MILLISECONDS))
                .endorseOptions(
                        options -> options.withDeadlineAfter(patience.endorse().toMillis(), TimeUnit.MILLISECONDS))
                .submitOptions(
                        options -> options.withDeadlineAfter(patience.submit().toMillis(), TimeUnit.MILLISECONDS))
                .connect();
        return new Way(gateway, signer);
    }

    private static ChannelCredentials credentials(Optional<Path> tlsRoot) {
        if (tlsRoot.isEmpty()) {
            return InsecureChannelCredentials.create();
        }
        try {
            return TlsChannelCredentials.newBuilder()
                    .trustManager(tlsRoot.get().toFile())
                    .build();
        } catch (IOException | IllegalArgumentException e) {
            throw new SelvageException(
                    ErrorCode.FILE_UNREADABLE, "The TLS root " + tlsRoot.get() + " cannot be read.", e);
        }
    }

    int count() {
        return channels.size();
    }

    int current() {
        return Math.floorMod(current.get(), channels.size());
    }

    /** The way over a peer, with the certificate of this moment: one that was made with an earlier one is left to who holds it. */
    synchronized Way way(int index) {
        var way = ways.get(index);
        if (!way.signer().certificate().equals(identity.certificate())) {
            way = way(channels.get(index), identity.now());
            ways.set(index, way);
        }
        return way;
    }

    String name(int index) {
        return names.get(index);
    }

    /** The peer in use. */
    String name() {
        return names.get(current());
    }

    /** Goes on to the next peer, unless somebody did already. */
    void leave(int index) {
        int now = current.get();
        if (Math.floorMod(now, channels.size()) == index) {
            current.compareAndSet(now, now + 1);
        }
    }

    @Override
    public synchronized void close() {
        ways.forEach(way -> way.gateway().close());
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
