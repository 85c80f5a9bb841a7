package dev.selvage.cli.internal.client;

import dev.selvage.agent.peer.IdentityCheck;
import dev.selvage.formats.config.Profile;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
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
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.hyperledger.fabric.client.ChaincodeEvent;
import org.hyperledger.fabric.client.CloseableIterator;
import org.hyperledger.fabric.client.CommitException;
import org.hyperledger.fabric.client.EndorseException;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.hyperledger.fabric.client.Network;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.client.identity.Signers;
import org.hyperledger.fabric.client.identity.X509Identity;
import org.hyperledger.fabric.protos.common.Block;

/** Calls the contract with a user's own identity. Thread-safe; every fault is a SelvageException. */
public final class ContractClient implements AutoCloseable {
    private static final Duration READ = Duration.ofSeconds(15);
    private static final Duration WRITE = Duration.ofSeconds(45);
    private static final int LARGEST_MESSAGE = 128 << 20;

    private final ManagedChannel channel;
    private final Gateway gateway;
    private final Network network;
    private final Profile profile;
    private final GatewayFaults faults;

    private ContractClient(ManagedChannel channel, Gateway gateway, Profile profile) {
        this.channel = channel;
        this.gateway = gateway;
        this.network = gateway.getNetwork(profile.channel());
        this.profile = profile;
        this.faults = new GatewayFaults(place(profile), profile.channel(), profile.chaincode());
    }

    /**
     * Opens the client; nothing is sent yet.
     *
     * @throws SelvageException FILE_UNREADABLE, IDENTITY_INVALID, KEY_MISMATCH or CERTIFICATE_EXPIRED when the profile's files are missing or of
     *     no use
     */
    public static ContractClient open(Profile profile) {
        var identity = identity(profile);
        var endpoint = profile.ledger().endpoint();
        var builder = Grpc.newChannelBuilder(endpoint.toString(), credentials(profile))
                .maxInboundMessageSize(LARGEST_MESSAGE);
        profile.ledger().serverName().ifPresent(builder::overrideAuthority);
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
        return new ContractClient(channel, gateway, profile);
    }

    private static UnaryOperator<CallOptions> within(Duration patience) {
        return options -> options.withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String place(Profile profile) {
        return profile.ledger().endpoint() + " (profile \"" + profile.name() + "\")";
    }

    private record Signing(X509Identity certificate, org.hyperledger.fabric.client.identity.Signer signer) {}

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

    public Profile profile() {
        return profile;
    }

    /** Reads: asks one peer. */
    public <A> A evaluate(String function, Object request, Class<A> answer) {
        return CanonicalJson.read(evaluate(profile.chaincode(), function, CanonicalJson.text(request)), answer);
    }

    /** Reads a list of values. */
    public <A> List<A> evaluateList(String function, Object request, Class<A> element) {
        return CanonicalJson.readList(
                new String(
                        evaluate(profile.chaincode(), function, CanonicalJson.text(request)), StandardCharsets.UTF_8),
                element);
    }

    /** Reads through all pages. */
    public <A> List<A> all(String function, Function<ContractApi.Page, Object> request, Class<A> element) {
        List<A> items = new ArrayList<>();
        String bookmark = null;
        do {
            var page = CanonicalJson.parse(evaluate(
                    profile.chaincode(),
                    function,
                    CanonicalJson.text(request.apply(new ContractApi.Page(bookmark, null)))));
            page.path("items").forEach(item -> items.add(CanonicalJson.bind(item, element)));
            bookmark = page.path("bookmark").asText(null);
        } while (bookmark != null && !bookmark.isEmpty());
        return items;
    }

    /** Reads from any chaincode of the channel. */
    public byte[] evaluate(String chaincode, String function, String... arguments) {
        return evaluate(chaincode, function, bytes(arguments));
    }

    /** As {@link #evaluate(String, String, String...)}, with arguments that are not text. */
    public byte[] evaluate(String chaincode, String function, byte[][] arguments) {
        try {
            return network.getContract(chaincode).evaluateTransaction(function, arguments);
        } catch (GatewayException e) {
            throw faults.of(e);
        }
    }

    /** As {@link #evaluate(String, String, String...)}, by a peer of that organisation. */
    public byte[] evaluateAt(String msp, String chaincode, String function, String... arguments) {
        try {
            return network.getContract(chaincode)
                    .newProposal(function)
                    .addArguments(arguments)
                    .setEndorsingOrganizations(msp)
                    .build()
                    .evaluate();
        } catch (GatewayException e) {
            throw faults.of(e);
        }
    }

    /** Has a peer of each of the organisations endorse a call of the contract; nothing is sent to be ordered. */
    public void endorse(List<String> msps, String function, Object request) {
        try {
            network.getContract(profile.chaincode())
                    .newProposal(function)
                    .addArguments(CanonicalJson.text(request))
                    .setEndorsingOrganizations(msps.toArray(String[]::new))
                    .build()
                    .endorse(within(READ)::apply);
        } catch (EndorseException e) {
            throw named(faults.of(e));
        }
    }

    /** Writes: a transaction, endorsed, ordered and committed. */
    public <A> A submit(String function, Object request, Class<A> answer) {
        return CanonicalJson.read(submit(profile.chaincode(), function, CanonicalJson.text(request)), answer);
    }

    /** Writes through any chaincode of the channel. */
    public byte[] submit(String chaincode, String function, String... arguments) {
        try {
            return network.getContract(chaincode).submitTransaction(function, arguments);
        } catch (EndorseException e) {
            throw named(faults.of(e));
        } catch (GatewayException e) {
            throw faults.of(e);
        } catch (CommitException e) {
            throw faults.of(e);
        }
    }

    /** On a channel that is not there no chaincode is found either, and Fabric only tells of the chaincode: the channel is asked for. */
    private SelvageException named(SelvageException fault) {
        if (fault.code() == ErrorCode.CHAINCODE_UNKNOWN) {
            try {
                network.getContract("qscc").evaluateTransaction("GetChainInfo", profile.channel());
            } catch (GatewayException e) {
                var channel = faults.of(e);
                return channel.code() == ErrorCode.CHANNEL_UNKNOWN ? channel : fault;
            }
        }
        return fault;
    }

    /** The blocks of the channel from a height on; the iterator waits for further ones until it is closed. */
    public CloseableIterator<Block> blocks(long from) {
        try {
            return network.newBlockEventsRequest().startBlock(from).build().getEvents(options -> options);
        } catch (GatewayRuntimeException e) {
            throw faults.of(e);
        }
    }

    /**
     * Takes one block of the stream, as agents do.
     *
     * @throws SelvageException EVENTS_DENIED where the channel's ACLs do not let the identity follow blocks
     */
    public void takeBlock(long number, Duration patience) {
        UnaryOperator<CallOptions> options = within(patience);
        try (var blocks =
                network.newBlockEventsRequest().startBlock(number).build().getEvents(options::apply)) {
            blocks.next();
        } catch (GatewayRuntimeException e) {
            throw e.getStatus().getCode() == Status.Code.PERMISSION_DENIED
                    ? new SelvageException(ErrorCode.EVENTS_DENIED, "The peer gives no blocks: " + e.getMessage(), e)
                    : faults.of(e);
        } catch (NoSuchElementException e) {
            // the library's way to tell the status that ends a stream of blocks
            throw new SelvageException(
                    String.valueOf(e.getMessage()).contains("FORBIDDEN")
                            ? ErrorCode.EVENTS_DENIED
                            : ErrorCode.LEDGER_REFUSED,
                    "The peer gives no blocks: " + e.getMessage(),
                    e);
        }
    }

    /** The contract's events from a height on; the iterator waits for further ones until it is closed. */
    public CloseableIterator<ChaincodeEvent> events(long from) {
        try {
            return network.newChaincodeEventsRequest(profile.chaincode())
                    .startBlock(from)
                    .build()
                    .getEvents(options -> options);
        } catch (GatewayRuntimeException e) {
            throw faults.unreachable(e);
        }
    }

    private static byte[][] bytes(String... arguments) {
        byte[][] all = new byte[arguments.length][];
        for (int i = 0; i < arguments.length; i++) {
            all[i] = arguments[i].getBytes(StandardCharsets.UTF_8);
        }
        return all;
    }

    @Override
    public void close() {
        gateway.close();
        channel.shutdownNow();
    }
}
