package dev.selvage.agent.peer;

import dev.selvage.agent.content.ContentRef;
import dev.selvage.agent.content.ContentStore;
import dev.selvage.agent.content.Hold;
import dev.selvage.agent.content.Incoming;
import dev.selvage.agent.content.Stored;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import io.grpc.Channel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** Fetches content from other nodes: a bounded number at a time, each content once even when several want it. */
public final class PeerLinks implements PeerLink, AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final int STRIPES = 64;

    private final NodeId self;
    private final ContentStore store;
    private final Clock clock;
    private final Connections connections;
    private final Transfer transfer;
    private final Semaphore fetches;
    private final Probes probes;
    private final List<Lock> wanted =
            Stream.<Lock>generate(ReentrantLock::new).limit(STRIPES).toList();

    /**
     * @param self as which this node asks, with its registered key
     * @param fetches at a time
     */
    public PeerLinks(
            NodeId self,
            RequestSigner signer,
            PeerTls tls,
            ChannelRoots roots,
            PeerAddresses addresses,
            ContentStore store,
            int fetches,
            Clock clock) {
        this.self = self;
        this.store = store;
        this.clock = clock;
        this.connections = new Connections(tls, roots, addresses);
        this.transfer = new Transfer(self, signer, clock);
        this.fetches = new Semaphore(fetches, true);
        this.probes = new Probes(self, connections, clock);
    }

    /**
     * The link to a node, for services of their own.
     *
     * @throws SelvageException PEER_UNREACHABLE when no address is known
     */
    public Channel to(NodeId node) {
        return connections.to(node);
    }

    /** Tries the ways to other nodes over these links. */
    public Probes probes() {
        return probes;
    }

    @Override
    public Stored fetch(ContentRef ref, Purpose purpose, Hold hold, Instant deadline) {
        Lock lock = wanted.get(Math.floorMod(ref.digest().hashCode(), STRIPES));
        try {
            if (!lock.tryLock(left(deadline), TimeUnit.MILLISECONDS)) {
                throw late(ref, Optional.empty());
            }
            try {
                Optional<Stored> here = held(ref.digest(), hold);
                return here.isPresent() ? here.get() : limited(ref, purpose, hold, deadline);
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(
                    ErrorCode.INTERRUPTED, "Fetching " + ref.digest().shortForm() + "... was interrupted.", e);
        }
    }

    private Optional<Stored> held(Digest digest, Hold hold) {
        try {
            store.hold(digest, hold);
            return store.find(digest);
        } catch (SelvageException e) {
            if (e.code() == ErrorCode.CONTENT_UNKNOWN) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Stored limited(ContentRef ref, Purpose purpose, Hold hold, Instant deadline) throws InterruptedException {
        if (!fetches.tryAcquire(left(deadline), TimeUnit.MILLISECONDS)) {
            throw late(ref, Optional.empty());
        }
        try (Incoming incoming = store.receive(ref.digest(), ref.salted(), ref.size())) {
            return rounds(ref, purpose, hold, deadline, incoming);
        } finally {
            fetches.release();
        }
    }

    private Stored rounds(ContentRef ref, Purpose purpose, Hold hold, Instant deadline, Incoming incoming)
            throws InterruptedException {
        var holders = new HolderChoice(
                ref.holders().stream().filter(node -> !node.equals(self)).toList());
        Duration pause = FIRST_PAUSE;
        while (true) {
            for (NodeId holder : holders.left()) {
                if (left(deadline) == 0) {
                    throw late(ref, holders.reason());
                }
                holders.sends(holder, incoming);
                try {
                    return transfer.run(connections.to(holder), holder, ref, purpose, hold, deadline, incoming);
                } catch (SelvageException e) {
                    if (holders.reason().isPresent()
                            && clock.instant().plus(FIRST_PAUSE).isAfter(deadline)) {
                        throw late(
                                ref,
                                holders.reason()); // the end of the time cut this one off: what was said before tells
                        // more
                    }
                    holders.failed(holder, e, incoming);
                }
            }
            if (holders.left().isEmpty()) {
                throw holders.reason().orElseGet(() -> nobody(ref));
            }
            if (clock.instant().plus(pause).isAfter(deadline)) {
                throw late(ref, holders.reason());
            }
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private long left(Instant deadline) {
        return Math.max(0, Duration.between(clock.instant(), deadline).toMillis());
    }

    private static SelvageException nobody(ContentRef ref) {
        return new SelvageException(
                ErrorCode.CONTENT_UNKNOWN,
                "No other node is known to hold " + ref.digest().shortForm() + "....");
    }

    private static SelvageException late(ContentRef ref, Optional<SelvageException> last) {
        return last.map(cause -> new SelvageException(
                        cause.code(), cause.parameters(), cause.sentence() + " The time to fetch is over.", cause))
                .orElseGet(() -> new SelvageException(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "The time to fetch " + ref.digest().shortForm() + "... is over."));
    }

    @Override
    public void close() {
        connections.close();
    }
}
