package dev.selvage.agent.pipeline;

import dev.selvage.agent.content.ContentRef;
import dev.selvage.agent.content.ContentStore;
import dev.selvage.agent.content.Hold;
import dev.selvage.agent.data.DataCatalogue;
import dev.selvage.agent.data.DataSet;
import dev.selvage.agent.data.InputPlaces;
import dev.selvage.agent.data.RunDirectory;
import dev.selvage.agent.ledger.Ledger;
import dev.selvage.agent.peer.PeerLink;
import dev.selvage.agent.peer.Purpose;
import dev.selvage.engine.EngineInput;
import dev.selvage.engine.EngineRequest;
import dev.selvage.engine.RunLimits;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts.PinnedRead;
import dev.selvage.model.Input;
import dev.selvage.model.Parameters;
import dev.selvage.model.PartPlan;
import dev.selvage.model.SelvageException;
import dev.selvage.model.SubTask;
import dev.selvage.scheduler.Waiting;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings together what a run needs, before it runs (A11): arguments and literals, results of other sub-tasks by their digests, the node's own
 * data, and chain state. Blocks.
 */
final class InputGatherer {
    private static final Logger LOG = LoggerFactory.getLogger(InputGatherer.class);
    private static final long PAUSE_MS = 100;

    private final Ledger ledger;
    private final ResultFinder results;
    private final Contract contract;
    private final DataCatalogue catalogue;
    private final InputPlaces places;
    private final ContentStore store;
    private final PeerLink peers;
    private final ExecutorService fetchers;
    private final Clock clock;

    InputGatherer(
            Ledger ledger,
            Contract contract,
            DataCatalogue catalogue,
            InputPlaces places,
            ContentStore store,
            PeerLink peers,
            ExecutorService fetchers,
            Clock clock) {
        this.ledger = ledger;
        this.contract = contract;
        this.results = new ResultFinder(contract);
        this.catalogue = catalogue;
        this.places = places;
        this.store = store;
        this.peers = peers;
        this.fetchers = fetchers;
        this.clock = clock;
    }

    /** What of the node's own data is not there or not granted; asked before an engine is chosen, so that waiting holds no resources. */
    Optional<Waiting> missing(Assignment assignment) {
        for (Input input : assignment.subTask().inputs().values()) {
            if (input instanceof Input.Data data) {
                var reason = missing(assignment, data.data());
                if (reason.isPresent()) {
                    return reason;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Waiting> missing(Assignment assignment, String data) {
        try {
            catalogue.find(data);
        } catch (SelvageException e) {
            return Optional.of(new Waiting.ForData(e.code(), e.sentence()));
        }
        var operation = assignment.operation();
        var creator = assignment.task().fact().creator();
        return catalogue
                .grants()
                .decide(data, operation.operation(), assignment.operationDigest(), creator)
                .fold(
                        granted -> Optional.empty(),
                        no -> Optional.of(new Waiting.ForGrant(data, operation.operation(), creator.toString())));
    }

    /** The engines that hold the part's tables; empty when any engine will do. */
    Set<String> engines(Assignment assignment) {
        Set<String> engines = new TreeSet<>();
        for (Input input : assignment.subTask().inputs().values()) {
            if (input instanceof Input.Data data
                    && catalogue.find(data.data()).source() instanceof DataSet.Table table) {
                engines.add(table.engine());
            }
        }
        return engines;
    }

    /** Lets the inputs of a run go; what cannot be let go now is let go by the next start. */
    void letGo(Assignment assignment) {
        boolean holds = assignment.subTask().inputs().values().stream().anyMatch(Input.Result.class::isInstance);
        try {
            if (holds) {
                store.release(assignment.key().text());
            }
        } catch (SelvageException e) {
            LOG.warn("run={} its inputs are still held: {}", assignment.key(), e.sentence());
        }
    }

    /**
     * Gathers everything.
     *
     * @throws SelvageException what was missing when the sub-task's fetch deadline passed; ARGUMENT_INVALID, DATA_CHANGED, DIGEST_MISMATCH
     */
    Gathered gather(Assignment assignment, RunDirectory directory) {
        Instant deadline =
                clock.instant().plusMillis(assignment.subTask().deadlines().fetch());
        Map<String, PinnedRead> reads = new HashMap<>();
        List<EngineInput> inputs = new ArrayList<>();
        for (String name : assignment.operation().inputs().keySet()) {
            Input from = assignment.subTask().inputs().get(name);
            if (from instanceof Input.Result result) {
                inputs.addAll(result(assignment, directory, name, result, deadline));
            } else if (from instanceof Input.Data data) {
                inputs.add(places.data(directory, name, data.data(), 0));
            } else if (from instanceof Input.State state) {
                inputs.add(state(assignment, name, state, reads, deadline));
            }
        }
        inputs.sort(Comparator.comparing(EngineInput::name).thenComparingInt(EngineInput::index));
        var request = new EngineRequest(
                assignment.key(),
                assignment.operation(),
                params(assignment),
                inputs,
                limits(assignment),
                directory::work,
                traceparent(assignment));
        return new Gathered(request, reads);
    }

    private static String params(Assignment assignment) {
        var given = CanonicalJson.object();
        PartPlan plan = assignment.task().plan(assignment.key().subTask());
        int index = assignment.key().part();
        assignment.subTask().inputs().forEach((name, input) -> {
            if (input instanceof Input.Parameter parameter) {
                given.set(name, assignment.task().fact().arguments().get(parameter.parameter()));
            } else if (input instanceof Input.Value literal) {
                given.set(name, literal.value());
            } else if (input instanceof Input.Item) {
                given.set(name, plan.item(index));
            } else if (input instanceof Input.Index) {
                given.put(name, index);
            }
        });
        return CanonicalJson.text(Parameters.complete(assignment.operation().parameters(), given));
    }

    private List<EngineInput> result(
            Assignment assignment, RunDirectory directory, String name, Input.Result from, Instant deadline) {
        var hold = Hold.inFlight(assignment.key().text());
        var purpose =
                new Purpose.RunInput(assignment.key().task(), assignment.key().subTask(), name);
        List<ResultFinder.Found> wanted =
                until(deadline, () -> results.outputs(assignment.task(), from.result(), from.output()));
        List<Future<?>> coming = new ArrayList<>();
        for (var found : wanted) {
            coming.add(fetchers.submit(() -> peers.fetch(content(from, found), purpose, hold, deadline)));
        }
        await(coming);
        List<EngineInput> inputs = new ArrayList<>();
        for (var found : wanted) {
            var output = found.output();
            inputs.add(places.content(
                    directory, name, found.label(), found.index(), output.mediaType(), output.digest(), 0));
        }
        return inputs;
    }

    private static ContentRef content(Input.Result from, ResultFinder.Found found) {
        var output = found.output();
        return new ContentRef(
                output.digest(),
                output.salted(),
                output.size(),
                output.mediaType(),
                Optional.of(from.result() + "." + from.output()),
                List.of(found.producer()));
    }

    /** Waits for all; the first fault ends the others. */
    private static void await(List<Future<?>> coming) {
        try {
            for (Future<?> one : coming) {
                one.get();
            }
        } catch (InterruptedException e) {
            coming.forEach(one -> one.cancel(true));
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "The agent stops.", e);
        } catch (ExecutionException e) {
            coming.forEach(one -> one.cancel(true));
            if (e.getCause() instanceof SelvageException ours) {
                throw ours;
            }
            throw new SelvageException(ErrorCode.INTERNAL, "Fetching an input failed.", e.getCause());
        }
    }

    private EngineInput state(
            Assignment assignment, String name, Input.State from, Map<String, PinnedRead> reads, Instant deadline) {
        byte[] bytes = from.pin() == Input.Pin.READY
                ? until(deadline, () -> pinned(assignment, name))
                : until(deadline, () -> readNow(name, from.state(), reads));
        String declared = assignment.operation().inputs().get(name).mediaType();
        return EngineInput.inline(name, declared == null ? "application/octet-stream" : declared, bytes);
    }

    private byte[] pinned(Assignment assignment, String name) {
        String task = assignment.key().task();
        String subTask = assignment.key().subTask();
        Digest digest = contract.ready(task, subTask).stream()
                .map(fact -> fact.pinned().get(name))
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new SelvageException(
                        ErrorCode.NOT_READY, "The pinned input " + name + " is not visible at the peer yet."));
        byte[] bytes = contract.pinned(task, subTask, name);
        if (!Digest.of(bytes).equals(digest)) {
            throw new SelvageException(
                    ErrorCode.DIGEST_MISMATCH,
                    "The bytes of the pinned input " + name + " are not those of its digest.");
        }
        return bytes;
    }

    private byte[] readNow(String name, Input.Call call, Map<String, PinnedRead> reads) {
        byte[] bytes = ledger.evaluate(call.chaincode(), call.function(), call.args());
        reads.put(name, new PinnedRead(Digest.of(bytes), ledger.height()));
        return bytes;
    }

    private static RunLimits limits(Assignment assignment) {
        long bytes = assignment.subTask().outputs().values().stream()
                .mapToLong(SubTask.Output::maxSize)
                .sum();
        var requirement = assignment.requirement();
        return new RunLimits(
                Duration.ofMillis(assignment.subTask().deadlines().run()),
                Math.max(1, bytes),
                Math.toIntExact(requirement.cpus()),
                requirement.memory());
    }

    /** One trace a task (W3C Trace Context): the task's id, and the run's own. */
    private static String traceparent(Assignment assignment) {
        return "00-" + assignment.key().task() + "-" + assignment.key().hex32().substring(0, 16) + "-01";
    }

    private interface Question<T> {
        T ask();
    }

    /** A peer can be behind, or away for a moment: asks again until the deadline. */
    private <T> T until(Instant deadline, Question<T> question) {
        while (true) {
            try {
                return question.ask();
            } catch (SelvageException e) {
                boolean passes = switch (e.code()) {
                    case NOT_READY,
                            TASK_UNKNOWN,
                            RESULT_UNKNOWN,
                            LEDGER_UNREACHABLE,
                            TOO_MANY_REQUESTS,
                            CHAINCODE_UNREACHABLE,
                            ENDORSEMENT_FAILED -> true;
                    default -> false;
                };
                if (!passes || !clock.instant().plusMillis(PAUSE_MS).isBefore(deadline)) {
                    throw e;
                }
                Pauses.sleep(PAUSE_MS);
            }
        }
    }
}
