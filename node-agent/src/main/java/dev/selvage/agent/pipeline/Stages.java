package dev.selvage.agent.pipeline;

import dev.selvage.agent.data.RunDirectories;
import dev.selvage.agent.journal.Journal;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.NodeId;
import dev.selvage.scheduler.Scheduler;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * What the pipeline is made of.
 *
 * @param publisher made with what tells how a result is sent and what it weighs
 * @param conductor one thread, first come first served
 * @param workers a thread for each part that has its engine
 * @param calls a bounded number of threads
 */
record Stages(
        NodeId self,
        LedgerEvents events,
        TaskLoader loader,
        Scheduler scheduler,
        Engines engines,
        InputGatherer gatherer,
        RunDirectories directories,
        EngineRunner runner,
        Certifier certifier,
        Function<Function<ResultItem, Weighed>, ResultPublisher> publisher,
        Advancer advancer,
        Contract contract,
        Journal journal,
        Clock clock,
        Executor conductor,
        Executor workers,
        Executor calls) {}
