package dev.selvage.cli.internal.client;

import dev.selvage.agent.peer.IdentityCheck;
import dev.selvage.formats.config.HostPort;
import dev.selvage.formats.config.Profile;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.Network;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.client.identity.Signer;
import org.hyperledger.fabric.client.identity.Signers;
import org.hyperledger.fabric.client.identity.X509Identity;

/** The ways to the peers of a profile, of which one is in use. Nothing is connected before the first call. Thread-safe. */
final class PeerLinks implements AutoCloseable {
    static final Duration READ = Duration.ofSeconds(15);
    static final Duration WRITE = Duration.ofSeconds(45);
    /** Within it a transaction commits even on a busy ledger, if it was ordered at all. */
    static final Duration DOUBTFUL = Duration.ofSeconds(10);

    private static final int LARGEST_MESSAGE = 128 << 20;

    private final List<Link> links = new ArrayList<>();
    private final AtomicInteger current = new AtomicInteger();

    /**
     * The way to one peer.
     *
     * @param faults what its answers mean
     */
    record Link(int index, ManagedChannel channel, Gateway gateway, Network network, ProfileFaults faults) {}

    /** @throws SelvageException as {@link ContractClient#open} */
    PeerLinks(Profile profile) {
        var identity = identity(profile);
        var credentials = credentials(profile);
        for (HostPort endpoint : profile.ledger().endpoints()) {
            var builder =
                    Grpc.newChannelBuilder(endpoint.toString(), credentials).maxInboundMessageSize(LARGEST_MESSAGE);
            profile.ledger().serverName(endpoint).ifPresent(builder::overrideAuthority);
            var channel = builder.build();
            var gateway = Gateway.newInstance()
                    .identity(identity.certificate())
                    .signer(identity.signer())
                    .connection(channel)
                    .evaluateOptions(within(READ))
                    .endorseOptions(within(WRITE))
                    .submitOptions(within(WRITE))
                    .commitStatusOptions(within(WRITE))
                    .connect();
            links.add(new Link(
                    links.size(),
                    channel,
                    gateway,
                    gateway.getNetwork(profile.channel()),
                    new ProfileFaults(
                            endpoint + " (profile \"" + profile.name() + "\")",
                            profile.channel(),
                            profile.chaincode())));
        }
    }

    static UnaryOperator<CallOptions> within(Duration patience) {
        return options -> options.withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    int count() {
        return links.size();
    }

    Link current() {
        return links.get(current.get());
    }

    /** Goes on to the next peer, unless somebody has before. */
    void leave(Link link) {
        current.compareAndSet(link.index(), (link.index() + 1) % links.size());
    }

    /** Whether another peer of the organisation may do better. */
    static boolean isOfOnePeer(ErrorCode code) {
        return switch (code) {
            case LEDGER_UNREACHABLE, CHAINCODE_UNREACHABLE, TLS_UNTRUSTED, TLS_NAME_MISMATCH -> true;
            default -> false;
        };
    }

    private record Signing(X509Identity certificate, Signer signer) {}

    private static Signing identity(Profile profile) {
        try (Reader certificate = reader(profile.identity().certificate());
                Reader key = reader(profile.identity().key())) {
            var certified = Identities.readX509Certificate(certificate);
            var own = Identities.readPrivateKey(key);
            IdentityCheck.requireOwnKey(certified, own);
            IdentityCheck.requireCurrent(certified, Instant.now());
            return new Signing(new X509Identity(profile.msp(), certified), Signers.newPrivateKeySigner(own));
        } catch (GeneralSecurityException e) {
            throw new SelvageException(
                    ErrorCode.IDENTITY_INVALID,
                    "Certificate and key of the profile \"" + profile.name() + "\" are not usable: " + e.getMessage()
                            + ".",
                    e);
        } catch (IOException e) {
            throw unreadable(profile, e);
        }
    }

    private static Reader reader(Path file) throws IOException {
        return Files.newBufferedReader(file, StandardCharsets.UTF_8);
    }

    private static ChannelCredentials credentials(Profile profile) {
        var root = profile.ledger().tlsRoot();
        if (root.isEmpty()) {
            return InsecureChannelCredentials.create();
        }
        try {
            return TlsChannelCredentials.newBuilder()
                    .trustManager(root.get().toFile())
                    .build();
        } catch (IOException e) {
            throw unreadable(profile, e);
        }
    }

    private static SelvageException unreadable(Profile profile, IOException e) {
        return new SelvageException(
                ErrorCode.FILE_UNREADABLE,
                "The profile \"" + profile.name() + "\" names a file that cannot be read: " + e.getMessage() + ".",
                e);
    }

    @Override
    public void close() {
        links.forEach(link -> {
            link.gateway().close();
            link.channel().shutdownNow();
        });
    }
}
