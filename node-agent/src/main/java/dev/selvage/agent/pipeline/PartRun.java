package dev.selvage.agent.pipeline;

import dev.selvage.agent.data.RunDirectories;
import dev.selvage.agent.data.RunDirectory;
import dev.selvage.agent.journal.PartRow;
import dev.selvage.engine.EngineOutcome;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Input;
import dev.selvage.model.SelvageException;
import dev.selvage.model.SubTask;
import dev.selvage.scheduler.EngineChoice;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** A part that has its engine, from its inputs to its durable result. Blocks; thread-safe. */
final class PartRun {
    private static final long LIGHT_OUTPUTS = 1 << 20;

    private final Engines engines;
    private final RunDirectories directories;
    private final InputGatherer gatherer;
    private final EngineRunner runner;
    private final Certifier certifier;
    /** Preparing needs a processor: more at a time only make each slower. */
    private final Semaphore preparing =
            new Semaphore(Math.max(2, Runtime.getRuntime().availableProcessors()), true);

    PartRun(
            Engines engines,
            RunDirectories directories,
            InputGatherer gatherer,
            EngineRunner runner,
            Certifier certifier) {
        this.engines = engines;
        this.directories = directories;
        this.gatherer = gatherer;
        this.runner = runner;
        this.certifier = certifier;
    }

    /**
     * Carries a part out.
     *
     * @param row what the journal has of it
     * @param then takes the result as soon as it is durable
     */
    void carryOut(Work work, EngineChoice choice, Optional<PartRow> row, Consumer<CertifiedResult> then) {
        var assignment = work.assignment;
        try (var lease = engines.lease(choice.engine());
                var directory =
                        row.isPresent() ? directories.again(assignment.key()) : directories.fresh(assignment.key())) {
            Gathered gathered = isLight(assignment) ? inTurn(work, directory) : gather(work, directory);
            work.measured.engineStarts();
            long started = System.nanoTime();
            EngineOutcome outcome =
                    runner.run(lease.engine(), gathered.request(), row.map(PartRow::foreignId), () -> work.gone);
            work.measured.ranSince(started);
            then.accept(certifier.certify(assignment, lease.ranAs(outcome), outcome, gathered.reads(), work.measured));
        }
    }

    private Gathered gather(Work work, RunDirectory directory) {
        long from = System.nanoTime();
        Gathered gathered = gatherer.gather(work.assignment, directory);
        work.measured.fetchedSince(from);
        return gathered;
    }

    private Gathered inTurn(Work work, RunDirectory directory) {
        try {
            preparing.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "The agent stops.", e);
        }
        try {
            work.measured.waitedSince(work.measured.starts());
            return gather(work, directory);
        } finally {
            preparing.release();
        }
    }

    /** Whether all that it needs is at hand and little comes of it: such parts come by the thousand, and none of them holds up others. */
    private static boolean isLight(Assignment assignment) {
        boolean atHand = assignment.subTask().inputs().values().stream()
                .noneMatch(input ->
                        input instanceof Input.Result || input instanceof Input.State || input instanceof Input.Data);
        long outputs = assignment.subTask().outputs().values().stream()
                .mapToLong(SubTask.Output::maxSize)
                .sum();
        return atHand && outputs <= LIGHT_OUTPUTS;
    }
}
