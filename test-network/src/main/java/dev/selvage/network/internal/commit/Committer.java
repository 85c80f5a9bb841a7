package dev.selvage.network.internal.commit;

import com.google.protobuf.ByteString;
import dev.selvage.network.internal.store.CommittedTransaction;
import dev.selvage.network.internal.store.LedgerStore;
import dev.selvage.network.internal.store.TransactionPlace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.hyperledger.fabric.protos.common.Block;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders transactions as they come, cuts blocks, and commits them: validate, write to the disk, make visible, tell. One thread does
 * it all, so the order in which transactions arrive is the order in which they count.
 */
public final class Committer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final int QUEUE = 20_000;
    private static final long MOST_WAITING_BYTES = 128L * 1024 * 1024;

    private final LedgerStore store;
    private final BlockValidator validator;
    private final BatchLimits limits;
    private final CommitFeed feed;
    private final CommitGate gate;
    private final BlockingQueue<CheckedTransaction> arriving = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong waitingBytes = new AtomicLong();
    private final Thread thread;
    private volatile boolean stopping;
    private volatile boolean broken;

    public Committer(
            LedgerStore store, Deployed.Lookup chaincodes, BatchLimits limits, CommitFeed feed, CommitGate gate) {
        this.store = store;
        this.validator = new BlockValidator(store, chaincodes);
        this.limits = limits;
        this.feed = feed;
        this.gate = gate;
        this.thread = new Thread(this::run, "ledger-commit");
    }

    public void start() {
        thread.start();
    }

    /** Takes a transaction for ordering; false when there are too many waiting, or the ledger is stopping or broken. */
    public boolean offer(CheckedTransaction transaction) {
        if (stopping || broken) {
            return false;
        }
        int size = transaction.envelope().size();
        if (gate.drops()) {
            return true;
        }
        if (waitingBytes.addAndGet(size) > MOST_WAITING_BYTES || !arriving.offer(transaction)) {
            waitingBytes.addAndGet(-size);
            return false;
        }
        return true;
    }

    private void run() {
        try {
            while (!stopping || !arriving.isEmpty()) {
                List<CheckedTransaction> batch = nextBatch();
                if (!batch.isEmpty()) {
                    gate.pass();
                    commit(batch);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            broken = true;
            LOG.error("the ledger cannot commit any more; start it again", e);
        }
    }

    private List<CheckedTransaction> nextBatch() throws InterruptedException {
        List<CheckedTransaction> batch = new ArrayList<>();
        CheckedTransaction first = arriving.poll(100, TimeUnit.MILLISECONDS);
        if (first == null) {
            return batch;
        }
        long deadline = System.nanoTime() + limits.timeout().toNanos();
        long bytes = 0;
        for (CheckedTransaction next = first;
                next != null;
                next = arriving.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
            batch.add(next);
            bytes += next.envelope().size();
            waitingBytes.addAndGet(-next.envelope().size());
            if (batch.size() >= limits.transactions() || bytes >= limits.bytes() || stopping) {
                break;
            }
        }
        return batch;
    }

    private void commit(List<CheckedTransaction> batch) throws IOException {
        List<CommittedTransaction> verdicts = validator.validate(batch);
        List<ByteString> envelopes =
                batch.stream().map(CheckedTransaction::envelope).toList();
        Block block = BlockAssembly.after(store.last(), envelopes, verdicts);
        store.append(block, verdicts);
        Map<String, TransactionPlace> places = new LinkedHashMap<>();
        for (int index = 0; index < verdicts.size(); index++) {
            CommittedTransaction verdict = verdicts.get(index);
            places.putIfAbsent(
                    verdict.txId(), new TransactionPlace(block.getHeader().getNumber(), index, verdict.code()));
        }
        feed.committed(places);
    }

    /** Takes nothing more, and commits what it has taken. */
    @Override
    public void close() {
        stopping = true;
        gate.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
