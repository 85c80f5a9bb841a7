package dev.selvage.network.internal.chaincode;

import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.hyperledger.fabric.protos.peer.ChaincodeGrpc;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lasting connection to one chaincode server: opens a stream, and opens it again whenever it ends, so that a chaincode process
 * may be started before or after the ledger and restarted at will. Thread-safe.
 */
final class ChaincodeLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChaincodeLink.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LAST_RETRY = Duration.ofSeconds(2);

    private final String name;
    private final String address;
    private final Duration executeTimeout;
    private final Invocation.Runner callees;
    private final ScheduledExecutorService timers;
    private final ManagedChannel channel;
    private ChaincodeStream current;
    private Duration retry = FIRST_RETRY;
    private ScheduledFuture<?> pending;
    private boolean closed;

    ChaincodeLink(
            String name,
            String address,
            ManagedChannel channel,
            Duration executeTimeout,
            Invocation.Runner callees,
            ScheduledExecutorService timers) {
        this.name = name;
        this.address = address;
        this.channel = channel;
        this.executeTimeout = executeTimeout;
        this.callees = callees;
        this.timers = timers;
    }

    /** Connects in the background, and keeps doing so until closed. */
    void start() {
        stream();
    }

    boolean connected() {
        synchronized (this) {
            return current != null && current.usable();
        }
    }

    /** Runs a transaction; when the chaincode is not there, one attempt is made to reach it. */
    CompletableFuture<ChaincodeMessage> execute(Invocation invocation) {
        ChaincodeStream stream = stream();
        if (stream.usable()) {
            return stream.execute(invocation);
        }
        return stream.ready()
                .copy()
                .orTimeout(CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(new ExecutionFailed(
                        "could not launch chaincode " + name + ": connection to " + address + " failed")))
                .thenCompose(ready -> ready.execute(invocation));
    }

    private ChaincodeStream stream() {
        ChaincodeStream stream;
        synchronized (this) {
            if (closed) {
                throw new ExecutionFailed("chaincode " + name + " was removed");
            }
            if (current != null) {
                return current;
            }
            stream = new ChaincodeStream(name, executeTimeout, callees, this::ended);
            current = stream;
        }
        channel.resetConnectBackoff();
        stream.bind(ChaincodeGrpc.newStub(channel).connect(stream));
        return stream;
    }

    private synchronized void ended() {
        boolean hadWorked =
                current != null && current.ready().isDone() && !current.ready().isCompletedExceptionally();
        current = null;
        if (closed) {
            return;
        }
        if (hadWorked) {
            LOG.info("chaincode {} at {} has gone; connecting again", name, address);
            retry = FIRST_RETRY;
        }
        pending = timers.schedule(this::startUnlessClosed, retry.toMillis(), TimeUnit.MILLISECONDS);
        Duration doubled = retry.multipliedBy(2);
        retry = doubled.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : doubled;
    }

    private void startUnlessClosed() {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        start();
    }

    @Override
    public void close() {
        ChaincodeStream stream;
        synchronized (this) {
            closed = true;
            stream = current;
            if (pending != null) {
                pending.cancel(false);
            }
        }
        if (stream != null) {
            stream.end("the ledger is stopping");
        }
        channel.shutdownNow();
    }
}
