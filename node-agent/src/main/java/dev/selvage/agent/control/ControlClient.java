package dev.selvage.agent.control;

import dev.selvage.agent.control.v1.ControlGrpc;
import dev.selvage.agent.ledger.FaultWords;
import dev.selvage.agent.peer.FetchRequests;
import dev.selvage.agent.peer.RequestSigner;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks a node as a member of its organisation. Thread-safe; calls block. */
public final class ControlClient implements AutoCloseable {
    /** For what takes its time, such as the copy of a data set. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final NodeId node;
    private final String address;
    private final RequestSigner signer;
    private final Clock clock;
    private final ManagedChannel channel;
    private Duration patience = PATIENCE;

    /**
     * A client; nothing is connected yet.
     *
     * @param address host:port of the node
     * @param tlsRoot PEM root of the organisation's TLS certificates
     * @param serverName the name in the node's TLS certificate where it is not the host's
     * @throws SelvageException FILE_UNREADABLE
     */
    public ControlClient(
            NodeId node, String address, Path tlsRoot, Optional<String> serverName, RequestSigner signer, Clock clock) {
        this.node = node;
        this.address = address;
        this.signer = signer;
        this.clock = clock;
        var builder = Grpc.newChannelBuilder(address, credentials(tlsRoot));
        serverName.ifPresent(builder::overrideAuthority);
        this.channel = builder.build();
    }

    /** Gives each further call at most this long; two minutes if nothing is said. To be called before the client is shared. */
    public ControlClient within(Duration most) {
        patience = most;
        return this;
    }

    private static ChannelCredentials credentials(Path tlsRoot) {
        try {
            return TlsChannelCredentials.newBuilder()
                    .trustManager(tlsRoot.toFile())
                    .build();
        } catch (IOException | IllegalArgumentException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "The TLS root " + tlsRoot + " cannot be read.", e);
        }
    }

    /**
     * Asks a function of {@link ControlApi}.
     *
     * @throws SelvageException the node's own fault; NODE_UNREACHABLE
     */
    public <T> T ask(String function, Object argument, Class<T> answer) {
        return CanonicalJson.read(json(function, argument), answer);
    }

    /** As {@link #ask}, of a list. */
    public <T> List<T> askList(String function, Object argument, Class<T> element) {
        return CanonicalJson.readList(json(function, argument), element);
    }

    private String json(String function, Object argument) {
        var request = ControlRequests.sign(
                node, function, CanonicalJson.text(CanonicalJson.tree(argument)), signer, clock.instant());
        try {
            return ControlGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .ask(request)
                    .getJson();
        } catch (StatusRuntimeException e) {
            throw fault(e);
        }
    }

    /**
     * Copies a result's bytes.
     *
     * @param digest as the ledger names it
     * @throws SelvageException the node's own fault; NODE_UNREACHABLE; DIGEST_MISMATCH when the bytes are not those of the digest
     */
    public void result(String task, Digest digest, OutputStream to) throws IOException {
        var request = FetchRequests.ofUser(signer, node, digest, task, clock);
        try {
            var chunks = ControlGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .result(request);
            var sha = Digest.sha256();
            byte[] salt = new byte[0];
            while (chunks.hasNext()) {
                var chunk = chunks.next();
                if (chunk.hasHead()) {
                    salt = chunk.getHead().getSalt().toByteArray();
                } else {
                    byte[] data = chunk.getData().toByteArray();
                    sha.update(data);
                    to.write(data);
                }
            }
            Digest plain = Digest.fromHash(sha.digest());
            if (!(salt.length == 0 ? plain : plain.salted(salt)).equals(digest)) {
                throw new SelvageException(
                        ErrorCode.DIGEST_MISMATCH, "The bytes that " + node + " gave are not those of " + digest + ".");
            }
        } catch (StatusRuntimeException e) {
            throw fault(e);
        }
    }

    private SelvageException fault(StatusRuntimeException e) {
        return SelvageException.fromWire(e.getStatus().getDescription()).orElseGet(() -> switch (e.getStatus()
                .getCode()) {
            case UNAVAILABLE ->
                FaultWords.ofLink(e)
                        .map(code -> new SelvageException(
                                code,
                                "The TLS certificate of " + node + " at " + address + " is not taken: "
                                        + FaultWords.ofCause(e) + ".",
                                e))
                        .orElseGet(() -> new SelvageException(
                                ErrorCode.NODE_UNREACHABLE, node + " does not answer at " + address + ".", e));
            case DEADLINE_EXCEEDED ->
                new SelvageException(
                        ErrorCode.NODE_UNREACHABLE,
                        node + " did not answer at " + address + " within " + patience.toSeconds() + " s.",
                        e);
            default ->
                new SelvageException(
                        ErrorCode.INTERNAL,
                        node + " does not answer: " + e.getStatus().getDescription(),
                        e);
        });
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
