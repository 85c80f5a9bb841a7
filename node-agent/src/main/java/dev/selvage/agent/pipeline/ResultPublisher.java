package dev.selvage.agent.pipeline;

import dev.selvage.agent.journal.Journal;
import dev.selvage.agent.journal.SentTransaction;
import dev.selvage.agent.ledger.FaultRule;
import dev.selvage.agent.ledger.Ledger;
import dev.selvage.agent.ledger.LedgerBlock;
import dev.selvage.agent.ledger.SignedTransaction;
import dev.selvage.engine.RunKey;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.ContractApi.Submission;
import dev.selvage.model.ContractApi.Verdict;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Failure;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Results to the ledger (rule 7): a window of transactions in flight, one of which is being endorsed, unless more can be filled. What comes meanwhile shares the next
 * transaction: a result goes alone when nothing else is under way. Signed bytes are journalled before they are submitted and submitted again until the block stream decides. All methods on
 * the conductor's thread; the ledger is called on others.
 */
final class ResultPublisher {
    private static final Logger LOG = LoggerFactory.getLogger(ResultPublisher.class);
    private static final long FIRST_PAUSE_MS = 50;
    private static final long LONGEST_PAUSE_MS = 5_000;

    private final NodeId self;
    private final Ledger ledger;
    private final Journal journal;
    private final CommitTimes times;
    private final PipelineMetrics metrics;
    private final Executor conductor;
    private final Executor io;
    private final Clock clock;
    private final Consumer<SelvageException> stop;
    private final Function<ResultItem, Weighed> weigh;
    private final int window;
    private final int batch;

    private final ResultQueue queue = new ResultQueue();
    private final Map<String, Flight> flights = new LinkedHashMap<>();
    private int slots;
    private int endorsing;

    ResultPublisher(
            NodeId self,
            Ledger ledger,
            Journal journal,
            CommitTimes times,
            PipelineMetrics metrics,
            Bounds bounds,
            Executor conductor,
            Executor io,
            Clock clock,
            Function<ResultItem, Weighed> weigh,
            Consumer<SelvageException> stop) {
        this.self = self;
        this.ledger = ledger;
        this.journal = journal;
        this.times = times;
        this.metrics = metrics;
        this.window = bounds.window();
        this.batch = bounds.batch();
        this.slots = bounds.window();
        this.conductor = conductor;
        this.io = io;
        this.clock = clock;
        this.weigh = weigh;
        this.stop = stop;
    }

    /**
     * Takes a result.
     *
     * @param by until when it must have been sent, milliseconds since 1970 UTC; what could not be by then becomes a failure
     */
    void publish(CertifiedResult result, long by) {
        queue.add(new Queued(result, by));
        pump();
    }

    /** Takes up a transaction of before a crash; the stream may show what became of it before {@link #resend} is called. */
    void restore(SentTransaction sent, Map<RunKey, ResultItem> items) {
        List<Queued> queued = sent.parts().stream()
                .filter(items::containsKey)
                .map(key -> new CertifiedResult(key, items.get(key), new Measured(System.nanoTime())))
                .map(result -> new Queued(result, Long.MAX_VALUE))
                .toList();
        flights.put(sent.transaction().txid(), new Flight(sent.transaction(), queued, Map.of(), clock.millis()));
        slots--;
    }

    /**
     * Sends the bytes of restored transactions again, now that the stream has shown everything up to the start. One whose creator's certificate
     * has ended is not there and no orderer takes it any more: its results are endorsed anew.
     *
     * @return the parts in them
     */
    List<RunKey> resend() {
        List<RunKey> parts = new ArrayList<>();
        for (Flight flight : List.copyOf(flights.values())) {
            String txid = flight.transaction.txid();
            flight.keys().forEach(parts::add);
            if (!withdrawn(flight, clock.millis())) {
                LOG.info("tx={} of before the start is sent again", txid);
                io.execute(() -> submit(flight.transaction));
            }
        }
        pump();
        return parts;
    }

    private boolean withdrawn(Flight flight, long now) {
        if (!flight.isTakenNoMore(now)) {
            return false;
        }
        String txid = flight.transaction.txid();
        LOG.info("tx={} is endorsed anew: its certificate has ended", txid);
        journal.withdrawn(txid, flight.keys());
        flights.remove(txid);
        slots++;
        queue.addAll(flight.items);
        return true;
    }

    private void pump() {
        while (slots > 0 && queue.size() > 0 && (endorsing == 0 || queue.size() >= batch)) {
            dispatch(queue.next(batch, this::weigh), FIRST_PAUSE_MS);
        }
    }

    private Weighed weigh(Queued item) {
        Weighed weighed = weigh.apply(item.result().item());
        return item.bare() ? weighed.bare() : weighed;
    }

    private void dispatch(List<Queued> items, long pause) {
        dispatch(Batch.of(items, this::weigh), pause);
    }

    private void dispatch(Batch together, long pause) {
        slots--;
        endorsing++;
        together.items().forEach(item -> item.result().measured().endorses(System.nanoTime() - item.since()));
        io.execute(() -> endorse(together.items(), together.payload(), pause));
    }

    private void endorse(List<Queued> items, List<ResultItem> payload, long pause) {
        try {
            var endorsed = ledger.endorse(ContractApi.SUBMIT_RESULTS, new Submission(self.node(), payload));
            Map<RunKey, Verdict> verdicts = Flight.verdicts(items, endorsed.answer());
            if (verdicts.containsValue(Verdict.CONFLICT) || !verdicts.containsValue(Verdict.ACCEPTED)) {
                // what is on the ledger already is adopted; nothing is sent for it
                conductor.execute(() -> adopt(items, verdicts));
                return;
            }
            journal.sent(new SentTransaction(
                    endorsed.transaction(),
                    items.stream().map(item -> item.result().key()).toList(),
                    clock.millis()));
            conductor.execute(() -> endorsed(new Flight(endorsed.transaction(), items, verdicts, clock.millis())));
            submit(endorsed.transaction());
        } catch (RuntimeException e) {
            conductor.execute(() -> refused(items, FaultRule.ofDefect(e), pause));
        }
    }

    private void endorsed(Flight flight) {
        flights.put(flight.transaction.txid(), flight);
        endorsing--;
        pump();
    }

    private void submit(SignedTransaction transaction) {
        try {
            ledger.submit(transaction);
        } catch (RuntimeException e) {
            SelvageException fault = FaultRule.ofDefect(e);
            LOG.warn("tx={} may or may not have been ordered: {}", transaction.txid(), fault.sentence());
            if (FaultRule.ofSubmit(fault) == FaultRule.STOP) {
                stop.accept(fault);
            }
        }
    }

    private void adopt(List<Queued> items, Map<RunKey, Verdict> verdicts) {
        slots++;
        endorsing--;
        Map<RunKey, String> settled = new HashMap<>();
        for (Queued item : items) {
            Verdict verdict = verdicts.getOrDefault(item.result().key(), Verdict.ACCEPTED);
            if (verdict == Verdict.ACCEPTED) {
                queue.addFirst(item);
            } else {
                var key = item.result().key();
                LOG.info("task={} run={} {}", key.task(), key, verdict);
                settled.put(key, verdict == Verdict.CONFLICT ? Verdict.ADOPTED.name() : verdict.name());
            }
        }
        journal.settled(settled);
        pump();
    }

    private void refused(List<Queued> items, SelvageException fault, long pause) {
        slots++;
        endorsing--;
        FaultRule rule = FaultRule.ofEndorse(fault);
        LOG.info("{} results refused, {}: {}", items.size(), rule, fault.getMessage());
        switch (rule) {
            case SUBMIT_BARE -> dispatch(items.stream().map(Queued::asBare).toList(), pause);
            case SPLIT, SET_ASIDE, ADOPT -> {
                if (items.size() > 1) {
                    int half = items.size() / 2;
                    dispatch(List.copyOf(items.subList(0, half)), pause);
                    dispatch(List.copyOf(items.subList(half, items.size())), pause);
                } else {
                    replace(items.get(0), fault);
                }
            }
            case ENDORSE_AGAIN, WAIT ->
                queue.later(new Delayed(items, clock.millis() + pause, Math.min(LONGEST_PAUSE_MS, pause * 2)));
            case STOP -> stop.accept(fault);
        }
        pump();
    }

    /** The contract will never take this result: a failure with its code goes in its place, so that the part does not hang. */
    private void replace(Queued item, SelvageException fault) {
        var key = item.result().key();
        LOG.error("task={} run={} its result cannot go on the ledger", key.task(), key, fault);
        if (item.result().item().failure() != null) {
            journal.settled(
                    Map.of(key, fault.code().name())); // even the failure is refused: Expire will close the part
            return;
        }
        var failure = Certifier.refused(item.result().item(), Failure.of(fault));
        journal.replaced(key, failure);
        queue.add(new Queued(new CertifiedResult(key, failure, item.result().measured()), Long.MAX_VALUE));
    }

    /** What this block's codes mean for own results; the caller journals it with the block and then calls {@link #afterBlock}. */
    Codes onCodes(Map<String, String> codes, long now) {
        List<String> closed = new ArrayList<>();
        Map<RunKey, String> settled = new HashMap<>();
        List<Queued> reopened = new ArrayList<>();
        List<Queued> accepted = new ArrayList<>();
        codes.forEach((txid, code) -> {
            Flight flight = flights.get(txid);
            if (flight == null) {
                return;
            }
            if (code.equals(LedgerBlock.VALID)) {
                flight.items.forEach(item -> settled.put(
                        item.result().key(),
                        flight.verdicts
                                .getOrDefault(item.result().key(), Verdict.ACCEPTED)
                                .name()));
                accepted.addAll(flight.items);
                times.add(now - flight.first);
                metrics.committed(flight.items.size());
            } else {
                metrics.invalid(code);
                LOG.warn("tx={} with {} results came to nothing: {}", txid, flight.items.size(), code);
                switch (FaultRule.ofValidation(code)) {
                    case WAIT -> {
                        return;
                    }
                    case ENDORSE_AGAIN -> reopened.addAll(flight.items);
                    case STOP ->
                        stop.accept(new SelvageException(
                                ErrorCode.IDENTITY_INVALID,
                                "The ledger found transaction " + txid + " invalid: " + code + "."));
                    default ->
                        flight.items.forEach(item -> settled.put(item.result().key(), code));
                }
            }
            flights.remove(txid);
            closed.add(txid);
            slots++;
        });
        return new Codes(closed, settled, reopened, accepted);
    }

    /**
     * The block is journalled.
     *
     * @param received when the block came, by {@link System#nanoTime}
     * @param caughtUp whether results go out already
     */
    void afterBlock(Codes codes, long received, boolean caughtUp) {
        codes.accepted().forEach(item -> {
            item.result().measured().journalledSince(received);
            metrics.ownTime(item.result().measured());
        });
        if (caughtUp) { // before that, what the journal has is taken up again as a whole
            long now = clock.millis();
            for (Queued item : codes.reopened()) {
                long pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(item.again(), 8));
                queue.later(new Delayed(List.of(item.onceMore()), now + pause, 0));
            }
        }
        pump();
    }

    /** The ledger has a result of this part already. */
    void drop(RunKey key) {
        queue.remove(item -> item.result().key().equals(key));
    }

    /** A task has ended: what waits of it is dropped, what is in flight is left to the stream. */
    void ended(String task) {
        Map<RunKey, String> settled = new HashMap<>();
        queue.remove(item -> item.result().key().task().equals(task))
                .forEach(item -> settled.put(item.result().key(), Verdict.ENDED.name()));
        if (!settled.isEmpty()) {
            journal.settled(settled);
        }
    }

    /** Sends again what the stream does not show, and what waits for its pause. */
    void tick(long now) {
        List.copyOf(flights.values()).forEach(flight -> {
            if (now - flight.last > times.resend() && !withdrawn(flight, now)) {
                flight.last = now;
                LOG.info("tx={} does not show yet, its bytes are sent again", flight.transaction.txid());
                io.execute(() -> submit(flight.transaction));
            }
        });
        failLate(now);
        for (Delayed again : queue.due(now)) {
            if (again.pause() == 0) {
                queue.addAll(again.items());
            } else if (slots > 0) {
                dispatch(again.items(), again.pause());
            } else {
                queue.later(again);
            }
        }
        pump();
    }

    /** What could not be sent within the publish deadline, and is in no signed transaction, goes as a failure that says so. */
    private void failLate(long now) {
        for (Queued late :
                queue.remove(item -> item.by() < now && item.result().item().failure() == null)) {
            replace(
                    late,
                    new SelvageException(
                            ErrorCode.PUBLISH_TIMEOUT, "The result could not be sent within the publish deadline."));
        }
    }

    /** Transactions in flight, and results that wait. */
    int inFlight() {
        return window - slots;
    }

    int waiting() {
        return queue.waiting();
    }
}
