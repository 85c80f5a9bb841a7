package dev.selvage.cli.internal;

import dev.selvage.agent.control.ControlApi;
import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.formats.config.Profile;
import dev.selvage.model.Digest;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Waits until the ledger shows what a node offers now: tasks are created by what stands there. */
final class OffersTold {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final long PAUSE_MILLIS = 100;

    private OffersTold() {}

    /** Waits for a while; a ledger that is behind or does not answer is mentioned, and is no fault: the node keeps telling it. */
    static void await(Session session, Profile profile, NodeId node, List<ControlApi.EngineView> engines)
            throws InterruptedException {
        Map<String, Digest> offers = new TreeMap<>();
        engines.forEach(engine -> engine.operations().stream()
                .filter(offer -> offer.digest() != null)
                .forEach(offer -> offers.put(offer.operation(), offer.digest())));
        try (var contract = ContractClient.open(profile)) {
            var tasks = new Tasks(contract);
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!told(tasks, node, offers)) {
                if (System.nanoTime() > end) {
                    session.progress("The ledger does not show the operations of " + node
                            + " yet: until it does, tasks go by what it offered before.");
                    return;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (SelvageException silent) {
            session.progress("The ledger does not say what it knows of " + node + ": " + silent.getMessage());
        }
    }

    private static boolean told(Tasks tasks, NodeId node, Map<String, Digest> offers) {
        return tasks.nodes().stream()
                .anyMatch(view -> view.node().equals(node)
                        && view.info() != null
                        && view.info().operations().equals(offers));
    }
}
