package dev.selvage.cli.internal.client;

import dev.selvage.agent.ledger.GatewayFaults;
import dev.selvage.formats.config.Profile;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import io.grpc.CallOptions;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.hyperledger.fabric.client.ChaincodeEvent;
import org.hyperledger.fabric.client.CloseableIterator;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.hyperledger.fabric.protos.common.Block;

/**
 * Calls the contract with a user's own identity, at the first peer of the profile that is reached. Thread-safe; every fault is a
 * SelvageException.
 */
public final class ContractClient implements AutoCloseable {

    private final PeerLinks links;
    private final Profile profile;

    private final Duration doubtful;

    private ContractClient(PeerLinks links, Profile profile, Duration doubtful) {
        this.links = links;
        this.profile = profile;
        this.doubtful = doubtful;
    }

    /**
     * Opens the client; nothing is sent yet.
     *
     * @throws SelvageException FILE_UNREADABLE, IDENTITY_INVALID, KEY_MISMATCH or CERTIFICATE_EXPIRED when the profile's files are missing or of
     *     no use
     */
    public static ContractClient open(Profile profile) {
        return open(profile, PeerLinks.DOUBTFUL);
    }

    /** @param doubtful how long to wait for the status of a transaction that no peer has said to have passed on */
    static ContractClient open(Profile profile, Duration doubtful) {
        return new ContractClient(new PeerLinks(profile), profile, doubtful);
    }

    private interface Call<T> {
        T at(PeerLinks.Link link) throws GatewayException;
    }

    /** Asks the peer in use; one that is not reached is left for the next, each tried once. */
    private <T> T reach(Call<T> call) {
        for (int attempt = 1; ; attempt++) {
            var link = links.current();
            try {
                return call.at(link);
            } catch (GatewayException e) {
                var fault = link.faults().of(e);
                if (attempt == links.count() || !PeerLinks.isOfOnePeer(fault.code())) {
                    throw fault;
                }
                links.leave(link);
            }
        }
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
        return reach(link -> link.network().getContract(chaincode).evaluateTransaction(function, arguments));
    }

    /** As {@link #evaluate(String, String, String...)}, by a peer of that organisation. */
    public byte[] evaluateAt(String msp, String chaincode, String function, String... arguments) {
        return reach(link -> link.network()
                .getContract(chaincode)
                .newProposal(function)
                .addArguments(arguments)
                .setEndorsingOrganizations(msp)
                .build()
                .evaluate());
    }

    /** Has a peer of each of the organisations endorse a call of the contract; nothing is sent to be ordered. */
    public void endorse(List<String> msps, String function, Object request) {
        named(() -> reach(link -> link.network()
                .getContract(profile.chaincode())
                .newProposal(function)
                .addArguments(CanonicalJson.text(request))
                .setEndorsingOrganizations(msps.toArray(String[]::new))
                .build()
                .endorse(PeerLinks.within(PeerLinks.READ)::apply)));
    }

    /** Writes: a transaction, endorsed, ordered and committed. */
    public <A> A submit(String function, Object request, Class<A> answer) {
        return CanonicalJson.read(submit(profile.chaincode(), function, CanonicalJson.text(request)), answer);
    }

    /**
     * Writes through any chaincode of the channel. Each step goes on at another peer when the one in use is lost: the transaction stays the
     * same, so it takes effect once.
     */
    public byte[] submit(String chaincode, String function, String... arguments) {
        var endorsed = named(() -> reach(link -> {
            var proposal = link.network()
                    .getContract(chaincode)
                    .newProposal(function)
                    .addArguments(arguments)
                    .build();
            return proposal.endorse();
        }));
        new Submission(links, profile.channel(), endorsed, doubtful).commit();
        return endorsed.getResult();
    }

    /** On a channel that is not there no chaincode is found either, and Fabric only tells of the chaincode: the channel is asked for. */
    private <T> T named(Supplier<T> step) {
        try {
            return step.get();
        } catch (SelvageException fault) {
            if (fault.code() == ErrorCode.CHAINCODE_UNKNOWN) {
                try {
                    evaluate("qscc", "GetChainInfo", profile.channel());
                } catch (SelvageException channel) {
                    throw channel.code() == ErrorCode.CHANNEL_UNKNOWN ? channel : fault;
                }
            }
            throw fault;
        }
    }

    /** The blocks of the channel from a height on; the iterator waits for further ones until it is closed. */
    public CloseableIterator<Block> blocks(long from) {
        var link = links.current();
        try {
            return link.network()
                    .newBlockEventsRequest()
                    .startBlock(from)
                    .build()
                    .getEvents(options -> options);
        } catch (GatewayRuntimeException e) {
            throw link.faults().of(e);
        }
    }

    /**
     * Takes one block of the stream, as agents do.
     *
     * @throws SelvageException EVENTS_DENIED where the channel's ACLs do not let the identity follow blocks
     */
    public void takeBlock(long number, Duration patience) {
        var link = links.current();
        UnaryOperator<CallOptions> options = PeerLinks.within(patience);
        try (var blocks = link.network()
                .newBlockEventsRequest()
                .startBlock(number)
                .build()
                .getEvents(options::apply)) {
            blocks.next();
        } catch (GatewayRuntimeException e) {
            throw e.getStatus().getCode() == Status.Code.PERMISSION_DENIED
                    ? new SelvageException(ErrorCode.EVENTS_DENIED, "The peer gives no blocks: " + e.getMessage(), e)
                    : link.faults().of(e);
        } catch (NoSuchElementException e) {
            // the library's way to tell the status that ends a stream of blocks
            throw GatewayFaults.ofStream(e);
        }
    }

    /** The contract's events from a height on; the iterator waits for further ones until it is closed. */
    public CloseableIterator<ChaincodeEvent> events(long from) {
        var link = links.current();
        try {
            return link.network()
                    .newChaincodeEventsRequest(profile.chaincode())
                    .startBlock(from)
                    .build()
                    .getEvents(options -> options);
        } catch (GatewayRuntimeException e) {
            throw link.faults().of(e);
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
        links.close();
    }
}
