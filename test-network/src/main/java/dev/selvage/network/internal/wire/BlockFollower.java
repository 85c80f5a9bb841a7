package dev.selvage.network.internal.wire;

import dev.selvage.network.internal.commit.CommitFeed;
import dev.selvage.network.internal.store.LedgerStore;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.hyperledger.fabric.protos.common.Block;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks the blocks for one stream, old ones and those to come, no faster than its client takes them. The visitor is called by one
 * thread at a time, in order.
 */
final class BlockFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BlockFollower.class);

    private final LedgerStore store;
    private final ServerCallStreamObserver<?> client;
    private final Visitor visitor;
    private final Executor executor;
    private final AtomicInteger wakeUps = new AtomicInteger();
    private final CommitFeed feed;
    private volatile Runnable unsubscribe = () -> {};
    private long next;
    private volatile boolean closed;

    /** Handles one block; false ends the walk. */
    @FunctionalInterface
    interface Visitor {
        boolean visit(Block block);
    }

    BlockFollower(
            LedgerStore store,
            CommitFeed feed,
            long start,
            ServerCallStreamObserver<?> client,
            Executor executor,
            Visitor visitor) {
        this.store = store;
        this.next = start;
        this.client = client;
        this.executor = executor;
        this.visitor = visitor;
        this.feed = feed;
    }

    void start() {
        unsubscribe = feed.onBlock(this::wake);
        wake();
    }

    /** Goes on, if there is a block and the client can take it; called when either may have changed. */
    void wake() {
        if (!closed && wakeUps.getAndIncrement() == 0) {
            executor.execute(this::pump);
        }
    }

    private void pump() {
        int seen;
        do {
            seen = wakeUps.get();
            try {
                walk();
            } catch (RuntimeException e) {
                if (!closed && !client.isCancelled()) {
                    LOG.warn("a block stream ended", e);
                    client.onError(GatewayErrors.of(io.grpc.Status.Code.ABORTED, String.valueOf(e.getMessage())));
                }
                close();
            }
        } while (!wakeUps.compareAndSet(seen, 0));
    }

    private void walk() {
        while (!closed && !client.isCancelled() && client.isReady() && next < store.height()) {
            Block block = store.block(next).orElseThrow();
            next++;
            if (!visitor.visit(block)) {
                close();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        unsubscribe.run();
    }
}
