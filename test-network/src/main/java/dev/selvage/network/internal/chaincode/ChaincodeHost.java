package dev.selvage.network.internal.chaincode;

import dev.selvage.network.internal.chaincode.Invocation.Runner;
import dev.selvage.network.org.ChaincodeDefinition;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.hyperledger.fabric.protos.peer.Response;

/** All chaincodes of the channel, by name. Thread-safe. */
public final class ChaincodeHost implements Runner, AutoCloseable {
    private static final Set<String> SYSTEM = Set.of("qscc", "cscc", "lscc", "_lifecycle");

    private final Map<String, ChaincodeLink> links = new ConcurrentHashMap<>();
    private final Duration executeTimeout;
    private final ScheduledExecutorService timers;

    public ChaincodeHost(Duration executeTimeout, ScheduledExecutorService timers) {
        this.executeTimeout = executeTimeout;
        this.timers = timers;
    }

    /**
     * Connects to a chaincode's server, now and whenever it comes back; a former definition of the name is dropped.
     *
     * @throws dev.selvage.model.SelvageException FILE_UNREADABLE when the definition's certificates cannot be read
     */
    public void connect(ChaincodeDefinition definition) {
        ChaincodeLink link = new ChaincodeLink(
                definition.name(),
                definition.address().toString(),
                ChaincodeChannels.open(definition),
                executeTimeout,
                this,
                timers);
        ChaincodeLink former = links.put(definition.name(), link);
        if (former != null) {
            former.close();
        }
        link.start();
    }

    /** Whether the chaincode's process is connected and registered. */
    public boolean connected(String name) {
        ChaincodeLink link = links.get(name);
        return link != null && link.connected();
    }

    @Override
    public CompletableFuture<ChaincodeMessage> run(Invocation invocation) {
        if (SYSTEM.contains(invocation.chaincode())) {
            return CompletableFuture.completedFuture(refusedBySystem(invocation.chaincode()));
        }
        ChaincodeLink link = links.get(invocation.chaincode());
        if (link == null) {
            return CompletableFuture.failedFuture(new ExecutionFailed("[channel " + invocation.channel()
                    + "] failed to get chaincode container info for " + invocation.chaincode() + ": chaincode "
                    + invocation.chaincode() + " not found"));
        }
        try {
            return link.execute(invocation);
        } catch (ExecutionFailed removed) {
            return CompletableFuture.failedFuture(removed);
        }
    }

    /** Peers run a proposal for a system chaincode themselves; what comes here was called by a chaincode. */
    private static ChaincodeMessage refusedBySystem(String name) {
        Response refusal = Response.newBuilder()
                .setStatus(500)
                .setMessage("Rejecting invoke of " + name.toUpperCase(Locale.ROOT)
                        + " from another chaincode because of potential for deadlocks")
                .build();
        return ChaincodeMessage.newBuilder()
                .setType(ChaincodeMessage.Type.COMPLETED)
                .setPayload(refusal.toByteString())
                .build();
    }

    @Override
    public void close() {
        links.values().forEach(ChaincodeLink::close);
    }
}
