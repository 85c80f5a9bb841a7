package dev.selvage.agent.pipeline;

import dev.selvage.agent.content.ContentStore;
import dev.selvage.agent.content.FinishedResults;
import dev.selvage.agent.content.Hold;
import dev.selvage.agent.content.Salt;
import dev.selvage.agent.content.Stored;
import dev.selvage.agent.journal.Journal;
import dev.selvage.engine.EngineOutcome;
import dev.selvage.engine.EngineOutput;
import dev.selvage.engine.RunKey;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts.EngineId;
import dev.selvage.model.Facts.OutputFact;
import dev.selvage.model.Facts.PinnedRead;
import dev.selvage.model.Failure;
import dev.selvage.model.SelvageException;
import dev.selvage.model.SubTask;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes an outcome durable: bytes into the content store, their digests and the measures into the journal. From then on it is never computed again. */
final class Certifier {
    private static final int LONGEST_MEDIA_TYPE = 128;

    private final ContentStore store;
    private final Journal journal;

    Certifier(ContentStore store, Journal journal) {
        this.store = store;
        this.journal = journal;
    }

    /** Keeps an engine's outcome. An output that breaks the sub-task's limits makes a failure of it. */
    CertifiedResult certify(
            Assignment assignment,
            EngineId engine,
            EngineOutcome outcome,
            Map<String, PinnedRead> reads,
            Measured measured) {
        ResultItem item = outcome.fold(
                succeeded -> success(assignment, engine, succeeded, reads, measured),
                failed -> item(
                        assignment.key(),
                        Map.of(),
                        Map.of(),
                        new Failure(
                                failed.failure().code(),
                                failed.failure().category(),
                                failed.failure().retryable(),
                                failed.failure().message()),
                        engine,
                        reads,
                        measures(measured, outcome)));
        return keep(assignment.key(), item, measured);
    }

    /** Keeps a failure that no engine had a part in. */
    CertifiedResult fail(RunKey key, Failure failure, Measured measured) {
        return keep(key, item(key, Map.of(), Map.of(), failure, null, Map.of(), measures(measured, null)), measured);
    }

    /** The failure that takes the place of a result which the contract refused. */
    static ResultItem refused(ResultItem item, Failure failure) {
        return new ResultItem(
                item.task(),
                item.subTask(),
                item.index(),
                item.attempt(),
                item.role(),
                Map.of(),
                Map.of(),
                failure,
                null,
                Map.of(),
                List.of(),
                Map.of(),
                List.of());
    }

    private CertifiedResult keep(RunKey key, ResultItem item, Measured measured) {
        journal.certified(key, item);
        measured.certified();
        return new CertifiedResult(key, item, measured);
    }

    private ResultItem success(
            Assignment assignment,
            EngineId engine,
            EngineOutcome.Succeeded outcome,
            Map<String, PinnedRead> reads,
            Measured measured) {
        var key = assignment.key();
        try {
            Map<String, EngineOutput> byName = outcome.outputs().stream()
                    .collect(Collectors.toMap(EngineOutput::name, Function.identity(), (first, second) -> second));
            Map<String, OutputFact> outputs = new TreeMap<>();
            Map<String, byte[]> onLedger = new TreeMap<>();
            for (var declared : assignment.subTask().outputs().entrySet()) {
                EngineOutput output = byName.get(declared.getKey());
                if (output == null) {
                    throw new SelvageException(
                            ErrorCode.OUTPUT_INVALID, "The engine returned no output \"" + declared.getKey() + "\".");
                }
                if (output.mediaType().isEmpty() || output.mediaType().length() > LONGEST_MEDIA_TYPE) {
                    throw new SelvageException(
                            ErrorCode.OUTPUT_INVALID,
                            "The media type of the output \"" + declared.getKey() + "\" has not 1 to "
                                    + LONGEST_MEDIA_TYPE + " characters.");
                }
                Stored stored = put(key, output, declared.getValue());
                if (declared.getValue().onLedger() && stored.size() == 0) {
                    throw new SelvageException(
                            ErrorCode.OUTPUT_INVALID,
                            "The output \"" + declared.getKey() + "\" is empty, which the ledger cannot keep.");
                }
                outputs.put(
                        declared.getKey(),
                        new OutputFact(
                                stored.ledgerDigest(),
                                stored.size(),
                                output.mediaType(),
                                stored.salt().isPresent()));
                if (declared.getValue().onLedger()) {
                    onLedger.put(declared.getKey(), bytes(stored));
                }
            }
            return item(key, outputs, onLedger, null, engine, reads, measures(measured, outcome));
        } catch (SelvageException e) {
            return item(key, Map.of(), Map.of(), Failure.of(e), engine, reads, measures(measured, outcome));
        } catch (IOException e) {
            return item(
                    key,
                    Map.of(),
                    Map.of(),
                    Failure.of(ErrorCode.OUTPUT_INVALID, "An output of the engine cannot be read."),
                    engine,
                    reads,
                    measures(measured, outcome));
        }
    }

    private Stored put(RunKey key, EngineOutput output, SubTask.Output declared) throws IOException {
        var hold = Hold.owned(FinishedResults.reference(key));
        try (InputStream in = open(output)) {
            return declared.isPublic()
                    ? store.put(in, declared.maxSize(), hold)
                    : store.put(in, declared.maxSize(), hold, Salt.fresh());
        }
    }

    private byte[] bytes(Stored stored) throws IOException {
        try (InputStream in = store.open(stored.digest())) {
            return in.readAllBytes();
        }
    }

    private static InputStream open(EngineOutput output) throws IOException {
        return output.content() instanceof EngineOutput.Bytes inline
                ? new ByteArrayInputStream(inline.bytes())
                : Files.newInputStream(((EngineOutput.OnDisk) output.content()).path());
    }

    private static Map<String, Long> measures(Measured measured, EngineOutcome outcome) {
        Map<String, Long> measures = new TreeMap<>();
        measures.put("queuedMs", measured.queuedMs());
        measures.put("fetchMs", measured.fetchMs());
        measures.put("runMs", measured.runMs());
        if (outcome != null) {
            measures.put("readMs", outcome.usage().readMs());
            measures.put("rowsRead", outcome.usage().rowsRead());
            measures.put("bytes", outcome.usage().bytesRead());
        }
        return measures;
    }

    private static ResultItem item(
            RunKey key,
            Map<String, OutputFact> outputs,
            Map<String, byte[]> onLedger,
            Failure failure,
            EngineId engine,
            Map<String, PinnedRead> reads,
            Map<String, Long> measures) {
        return new ResultItem(
                key.task(),
                key.subTask(),
                key.part(),
                key.attempt(),
                key.role(),
                outputs,
                onLedger,
                failure,
                engine,
                reads,
                List.of(),
                measures,
                List.of());
    }
}
