package dev.selvage.agent.ledger;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.agent.peer.MemberSigner;
import dev.selvage.formats.config.HostPort;
import dev.selvage.formats.config.LedgerAccess;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Limits;
import dev.selvage.model.SelvageException;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.hyperledger.fabric.client.CloseableIterator;
import org.hyperledger.fabric.client.CommitStatusException;
import org.hyperledger.fabric.client.EndorseException;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.hyperledger.fabric.client.Network;
import org.hyperledger.fabric.client.SubmitException;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockchainInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A ledger over fabric-gateway, with the peers of the own organisation as its gateways. */
public final class FabricLedger implements Ledger {
    private static final Logger LOG = LoggerFactory.getLogger(FabricLedger.class);
    private static final long FIRST_PAUSE_MS = 100;
    private static final long LONGEST_PAUSE_MS = 10_000;

    private final Endpoints endpoints;
    private final MemberSigner identity;
    private final Clock clock;
    private final String channel;
    private final String chaincode;
    private final BlockDecoder decoder;
    private final Object pause = new Object();
    private volatile boolean closed;
    private volatile Stream stream;

    /** The stream of blocks, and whose it is. */
    private record Stream(int peer, CloseableIterator<Block> blocks) {}

    /**
     * Where the ledger is.
     *
     * @param endpoints host:port of gateway peers of the own organisation, the preferred first
     * @param tlsRoot PEM; empty for no TLS
     * @param serverNames the names in the peers' certificates: none where they are the hosts', one for all, or one for each
     */
    public record Place(
            List<String> endpoints,
            Optional<Path> tlsRoot,
            List<String> serverNames,
            String channel,
            String chaincode) {
        public Place {
            endpoints = List.copyOf(endpoints);
            serverNames = List.copyOf(serverNames);
        }

        /** As a node's file says. */
        public static Place of(LedgerAccess access, String channel, String chaincode) {
            return new Place(
                    access.endpoints().stream().map(HostPort::toString).toList(),
                    access.tlsRoot(),
                    access.serverNames(),
                    channel,
                    chaincode);
        }
    }

    /** A ledger with the system's clock. */
    public FabricLedger(Place place, MemberSigner identity) {
        this(place, identity, Clock.systemUTC());
    }

    /**
     * Connects when it is asked.
     *
     * @param identity who asks; a renewed certificate of it is taken with the next call
     * @param clock tells whether the identity's certificate has ended, whatever words a peer has for that
     */
    public FabricLedger(Place place, MemberSigner identity, Clock clock) {
        this(place, identity, clock, Endpoints.Patience.DEFAULT);
    }

    FabricLedger(Place place, MemberSigner identity, Clock clock, Endpoints.Patience patience) {
        this.endpoints = new Endpoints(place.endpoints(), place.tlsRoot(), place.serverNames(), identity, patience);
        this.identity = identity;
        this.clock = clock;
        this.channel = place.channel();
        this.chaincode = place.chaincode();
        this.decoder = new BlockDecoder(chaincode);
    }

    /** How transactions of this identity are known in blocks ({@link LedgerBlock.Transaction#creator}). */
    public static Digest creator(MemberSigner identity) {
        return Digest.of(Identities.toPemString(identity.certificate()).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Digest genesis() {
        return reach(way -> {
            var bytes = network(way).getContract("qscc").evaluateTransaction("GetBlockByNumber", channel, "0");
            return BlockDecoder.hash(Block.parseFrom(bytes).getHeader());
        });
    }

    @Override
    public byte[] configBlock() {
        return evaluate("cscc", "GetConfigBlock", List.of(channel));
    }

    @Override
    public long height() {
        return reach(way -> BlockchainInfo.parseFrom(
                        network(way).getContract("qscc").evaluateTransaction("GetChainInfo", channel))
                .getHeight());
    }

    @Override
    public String evaluate(String function, Object argument) {
        String json = CanonicalJson.text(argument);
        return reach(way -> new String(
                network(way).getContract(chaincode).evaluateTransaction(function, json), StandardCharsets.UTF_8));
    }

    @Override
    public byte[] evaluate(String other, String function, List<String> arguments) {
        return reach(
                way -> network(way).getContract(other).evaluateTransaction(function, arguments.toArray(String[]::new)));
    }

    @Override
    public Endorsed endorse(String function, Object argument) {
        String json = CanonicalJson.text(argument);
        return reach(way -> {
            Transaction unsigned = network(way)
                    .getContract(chaincode)
                    .newProposal(function)
                    .addArguments(json)
                    .build()
                    .endorse();
            WriteSet.requireOwn(chaincode, unsigned.getBytes(), function);
            var signed = way.gateway()
                    .newSignedTransaction(unsigned.getBytes(), way.signer().signDigest(unsigned.getDigest()));
            return new Endorsed(
                    new SignedTransaction(signed.getTransactionId(), signed.getBytes()),
                    new String(unsigned.getResult(), StandardCharsets.UTF_8));
        });
    }

    @Override
    public void submit(SignedTransaction transaction) {
        SelvageException last = null;
        for (int attempt = 0;
                attempt < endpoints.count();
                attempt++) { // the same bytes take effect once, whoever gets them
            int peer = endpoints.current();
            try {
                signed(endpoints.way(peer).gateway(), transaction).submitAsync();
                return;
            } catch (SubmitException e) {
                last = told(GatewayFaults.of(e), ends(transaction));
                leave(peer, e.getStatus());
                if (last.code() == ErrorCode.IDENTITY_INVALID || last.code() == ErrorCode.CERTIFICATE_EXPIRED) {
                    break;
                }
            }
        }
        throw last;
    }

    @Override
    public Optional<String> status(SignedTransaction transaction, Duration within) {
        int peer = endpoints.current();
        var gateway = endpoints.way(peer).gateway();
        try {
            signed(gateway, transaction).submitAsync();
        } catch (SubmitException e) {
            LOG.debug("sent again, refused, perhaps because it is there already: {}", e.getMessage());
        }
        try {
            var status = CommitQuestion.of(gateway, channel, transaction.txid())
                    .getStatus(options -> options.withDeadlineAfter(within.toMillis(), TimeUnit.MILLISECONDS));
            return Optional.of(status.getCode().name());
        } catch (CommitStatusException e) {
            endpoints.leave(peer);
            return Optional.empty();
        }
    }

    /** The bytes hold the signature already, so the library does not sign again. */
    private static Transaction signed(Gateway gateway, SignedTransaction transaction) {
        return gateway.newTransaction(transaction.bytes());
    }

    @Override
    public void follow(long from, BlockListener listener) {
        long next = from;
        long wait = FIRST_PAUSE_MS;
        Set<Integer> strangers = new HashSet<>(); // peers that do not know the channel
        while (!closed) {
            int peer = endpoints.current();
            var way = endpoints.way(peer); // its certificate may end before the one that is in use by then
            try (var blocks =
                    open(way, next == from ? from : next - 1)) { // the last one again: it shows that blocks come
                stream = new Stream(peer, blocks);
                while (!closed && blocks.hasNext()) {
                    var block = decoder.decode(blocks.next());
                    if (wait != FIRST_PAUSE_MS) {
                        LOG.info("blocks come again, from {}", endpoints.name(peer));
                    }
                    wait = FIRST_PAUSE_MS;
                    strangers.remove(peer);
                    listener.onTrouble(null);
                    if (block.number() >= next) {
                        listener.onBlock(block);
                        next = block.number() + 1;
                    }
                }
            } catch (GatewayRuntimeException e) {
                strangers.remove(peer);
                if (!closed) {
                    var fault = told(GatewayFaults.of(e), ends(way));
                    LOG.warn("the block stream from {} broke: {}", endpoints.name(peer), fault.sentence());
                    listener.onTrouble(fault.getMessage());
                }
            } catch (NoSuchElementException e) {
                // the library's way to tell the status that ends a stream of blocks
                var fault = told(GatewayFaults.ofStream(e), ends(way));
                if (fault.code() == ErrorCode.CHANNEL_UNKNOWN) {
                    strangers.add(peer);
                }
                if (FaultRule.ofEndorse(fault) == FaultRule.STOP && !anotherMayKnow(fault, strangers.size())) {
                    throw fault;
                }
                LOG.warn("{} gives no blocks: {}", endpoints.name(peer), fault.sentence());
                listener.onTrouble(fault.getMessage());
            }
            endpoints.leave(peer);
            pause(wait);
            wait = Math.min(LONGEST_PAUSE_MS, wait * 2);
        }
    }

    /** A peer that was built anew has not joined yet; only a channel that none of them has is a wrong setting. */
    private boolean anotherMayKnow(SelvageException fault, int strangers) {
        return fault.code() == ErrorCode.CHANNEL_UNKNOWN && strangers < endpoints.count();
    }

    /** Goes on to the next peer; with one that hangs the stream does too, instead of waiting for a ping that is not answered. */
    private void leave(int peer, Status why) {
        endpoints.leave(peer);
        var open = stream;
        if (why.getCode() == Status.Code.DEADLINE_EXCEEDED
                && endpoints.count() > 1
                && open != null
                && open.peer() == peer) {
            LOG.warn("{} does not answer in time: blocks are taken from {}", endpoints.name(peer), endpoints.name());
            open.blocks().close();
        }
    }

    private CloseableIterator<Block> open(Endpoints.Way way, long from) {
        return network(way).newBlockEventsRequest().startBlock(from).build().getEvents();
    }

    private void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        synchronized (pause) {
            try {
                for (long left = millis;
                        left > 0 && !closed;
                        left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
                    pause.wait(left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                closed = true;
            }
        }
    }

    private Network network(Endpoints.Way way) {
        return way.gateway().getNetwork(channel);
    }

    /** Peers have several words for a certificate that has ended, and some of them say only that they know nobody of that name. */
    private SelvageException told(SelvageException fault) {
        return told(fault, identity.certificate().getNotAfter().toInstant());
    }

    private static Instant ends(Endpoints.Way way) {
        return way.signer().certificate().getNotAfter().toInstant();
    }

    /** When the certificate ends that a transaction was signed with, which may not be the one in use any more. */
    private Instant ends(SignedTransaction transaction) {
        return Creators.takenUntil(transaction)
                .orElseGet(() -> identity.certificate().getNotAfter().toInstant());
    }

    private SelvageException told(SelvageException fault, Instant ends) {
        boolean ended = ends.isBefore(clock.instant().plusMillis(Limits.CLOCK_SKEW));
        return switch (fault.code()) {
            case IDENTITY_INVALID, EVENTS_DENIED ->
                ended
                        ? new SelvageException(
                                ErrorCode.CERTIFICATE_EXPIRED,
                                fault.parameters(),
                                "The node's signing certificate ends at " + ends + ", and so: " + fault.sentence(),
                                fault)
                        : fault;
            default -> fault;
        };
    }

    private interface Call<T> {
        T on(Endpoints.Way way)
                throws GatewayException, EndorseException, InvalidProtocolBufferException, GeneralSecurityException;
    }

    /** Calls the peer in use; one that does not answer is left for the next, each tried once. */
    private <T> T reach(Call<T> call) {
        SelvageException fault = null;
        for (int attempt = 0; attempt < endpoints.count(); attempt++) {
            int peer = endpoints.current();
            Status status;
            SelvageException now;
            try {
                return call.on(endpoints.way(peer));
            } catch (GatewayException e) {
                status = e.getStatus();
                now = told(GatewayFaults.of(e));
            } catch (GatewayRuntimeException e) {
                status = e.getStatus();
                now = told(GatewayFaults.of(e));
            } catch (InvalidProtocolBufferException | GeneralSecurityException e) {
                throw new SelvageException(ErrorCode.LEDGER_REFUSED, "The peer's answer cannot be read.", e);
            }
            if (!isOfOnePeer(now.code())) {
                throw now;
            }
            leave(peer, status);
            // that one peer has not joined is not what to tell while another is only away
            fault = fault == null || now.code() != ErrorCode.CHANNEL_UNKNOWN ? now : fault;
        }
        throw fault;
    }

    /**
     * Whether another peer of the organisation may do better: a gateway asks its own organisation's chaincode at its own peer alone, and one
     * that has not joined the channel knows no chaincode on it.
     */
    private static boolean isOfOnePeer(ErrorCode code) {
        return switch (code) {
            case LEDGER_UNREACHABLE,
                    CHAINCODE_UNREACHABLE,
                    CHAINCODE_UNKNOWN,
                    CHANNEL_UNKNOWN,
                    TLS_UNTRUSTED,
                    TLS_NAME_MISMATCH -> true;
            default -> false;
        };
    }

    @Override
    public void close() {
        closed = true;
        synchronized (pause) {
            pause.notifyAll();
        }
        var open = stream;
        if (open != null) {
            open.blocks().close();
        }
        endpoints.close();
    }
}
