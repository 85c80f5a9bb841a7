package dev.selvage.agent.pipeline;

import dev.selvage.agent.content.ContentStore;
import dev.selvage.agent.data.DataCatalogue;
import dev.selvage.agent.data.InputPlaces;
import dev.selvage.agent.data.RunDirectories;
import dev.selvage.agent.journal.Journal;
import dev.selvage.agent.ledger.Ledger;
import dev.selvage.agent.peer.PeerLink;
import dev.selvage.model.Digest;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.scheduler.Scheduler;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What a pipeline is put together from.
 *
 * @param own tells by the creator in a block whether this node made a transaction
 * @param window transactions in flight
 * @param batch results in one transaction
 * @param skew by how much the members' clocks may differ, milliseconds
 * @param conductor one thread, first come first served
 * @param workers a thread for each part that has its engine
 * @param calls threads for calls of the ledger
 * @param fetchers threads for inputs that come from other nodes
 * @param stop ends the node for good
 */
public record PipelineSetup(
        NodeId self,
        Predicate<Digest> own,
        Ledger ledger,
        Journal journal,
        Scheduler scheduler,
        Engines engines,
        ContentStore store,
        DataCatalogue catalogue,
        PeerLink peers,
        RunDirectories directories,
        PipelineMetrics metrics,
        int window,
        int batch,
        long skew,
        Clock clock,
        Executor conductor,
        Executor workers,
        Executor calls,
        ExecutorService fetchers,
        Consumer<SelvageException> stop) {

    Stages stages() {
        var contract = new Contract(ledger);
        var times = new CommitTimes();
        var deployments = new Deployments(contract, journal);
        return new Stages(
                self,
                new LedgerEvents(self, own, journal),
                new TaskLoader(self, contract, deployments, journal, conductor, calls, clock),
                scheduler,
                engines,
                new InputGatherer(
                        ledger, contract, catalogue, new InputPlaces(store, catalogue), store, peers, fetchers, clock),
                directories,
                new EngineRunner(journal),
                new Certifier(store, journal),
                weigh -> new ResultPublisher(
                        self,
                        ledger,
                        journal,
                        times,
                        metrics,
                        new Bounds(window, batch),
                        conductor,
                        calls,
                        clock,
                        weigh,
                        stop),
                new Advancer(self, ledger, times, skew, conductor, calls, clock, stop),
                contract,
                journal,
                clock,
                conductor,
                workers,
                calls);
    }
}
