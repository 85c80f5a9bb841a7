package dev.selvage.agent.pipeline;

import dev.selvage.agent.ledger.FaultRule;
import dev.selvage.agent.ledger.Ledger;
import dev.selvage.agent.ledger.LedgerBlock;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.Part;
import dev.selvage.model.ContractApi.Step;
import dev.selvage.model.ContractApi.StepDone;
import dev.selvage.model.Limits;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what results leave open: Advance when it is this node's turn (rule 3), Expire when a deadline has passed (rule 8). Both are worked out
 * afresh each time and never journalled. All methods on the conductor's thread; the ledger is called on others.
 */
final class Advancer {
    private static final Logger LOG = LoggerFactory.getLogger(Advancer.class);
    private static final long FIRST_PAUSE_MS = 50;
    private static final long LONGEST_PAUSE_MS = 5_000;

    private final NodeId self;
    private final Ledger ledger;
    private final CommitTimes times;
    private final long skew;
    private final Executor conductor;
    private final Executor io;
    private final Consumer<SelvageException> stop;
    private final java.time.Clock clock;
    /** Steps by task, then what this node intends to do about each. A part stands for its expiry. */
    private final Map<String, Map<Object, Intent>> intents = new HashMap<>();

    private final Map<String, Flight> flights = new LinkedHashMap<>();

    Advancer(
            NodeId self,
            Ledger ledger,
            CommitTimes times,
            long skew,
            Executor conductor,
            Executor io,
            java.time.Clock clock,
            Consumer<SelvageException> stop) {
        this.self = self;
        this.ledger = ledger;
        this.times = times;
        this.skew = skew;
        this.conductor = conductor;
        this.io = io;
        this.clock = clock;
        this.stop = stop;
    }

    private static final class Intent {
        private final boolean firstInTurn;
        private long due;
        private long pause = FIRST_PAUSE_MS;
        private boolean busy;

        Intent(boolean firstInTurn, long due) {
            this.firstInTurn = firstInTurn;
            this.due = due;
        }
    }

    private record Flight(String task, List<?> steps, long since) {}

    /** Looks at a task after facts of it came in. */
    void look(KnownTask task, long now) {
        if (task.context().isEmpty() || task.end().isPresent()) {
            intents.remove(task.id());
            return;
        }
        var steps = task.openSteps();
        var known = intents.computeIfAbsent(task.id(), id -> new LinkedHashMap<>());
        known.keySet().removeIf(step -> step instanceof Step && !steps.contains(step));
        known.keySet()
                .removeIf(part -> part instanceof Part p
                        && task.hasResult(new dev.selvage.engine.RunKey(
                                p.task(), p.subTask(), p.index(), p.attempt(), p.role())));
        for (Step step : steps) {
            known.computeIfAbsent(step, s -> {
                int turn =
                        Turns.of(self, task.last(), task.context().orElseThrow().nodes(), task.id(), Turns.about(step));
                return new Intent(turn == 0, now + turn * times.step());
            });
        }
    }

    /** Looks for passed deadlines; seldom, since it walks all parts. */
    void lookForOverdue(KnownTask task, long now) {
        if (task.context().isEmpty()) {
            return;
        }
        var known = intents.computeIfAbsent(task.id(), id -> new LinkedHashMap<>());
        for (Part part : task.overdue(now, skew)) {
            known.computeIfAbsent(part, p -> {
                int turn = Turns.of(
                        self, null, task.context().orElseThrow().nodes(), task.id(), part.subTask() + part.index());
                return new Intent(turn == 0, now + turn * times.step());
            });
        }
    }

    void forget(String task) {
        intents.remove(task);
    }

    /** Does what is due. */
    void tick(long now) {
        flights.values().removeIf(flight -> {
            boolean lost = now - flight.since > times.resend();
            if (lost) {
                again(flight.task, flight.steps, now);
            }
            return lost;
        });
        intents.forEach((task, known) -> {
            List<Step> steps = new ArrayList<>();
            List<Part> parts = new ArrayList<>();
            boolean mayAskFirst = false;
            for (var entry : known.entrySet()) {
                Intent intent = entry.getValue();
                if (!intent.busy && intent.due <= now && steps.size() + parts.size() < Limits.OPENED) {
                    intent.busy = true;
                    mayAskFirst |= !intent.firstInTurn;
                    if (entry.getKey() instanceof Step step) {
                        steps.add(step);
                    } else {
                        parts.add((Part) entry.getKey());
                    }
                }
            }
            boolean ask = mayAskFirst;
            if (!steps.isEmpty()) {
                io.execute(() -> send(task, ContractApi.ADVANCE, steps, ask));
            }
            if (!parts.isEmpty()) {
                io.execute(() -> send(task, ContractApi.EXPIRE, parts, ask));
            }
        });
    }

    /** Evaluates first when it is not this node's first turn: most of the time another one has done it. */
    private void send(String task, String function, List<?> steps, boolean askFirst) {
        try {
            if (askFirst && nothingToDo(ledger.evaluate(function, steps))) {
                conductor.execute(() -> later(task, steps, times.step()));
                return;
            }
            var endorsed = ledger.endorse(function, steps);
            if (nothingToDo(endorsed.answer())) {
                conductor.execute(() -> later(task, steps, times.step()));
                return;
            }
            String txid = endorsed.transaction().txid();
            LOG.info("task={} tx={} {} {}", task, txid, function, steps);
            conductor.execute(() -> flights.put(txid, new Flight(task, steps, clock.millis())));
            ledger.submit(endorsed.transaction());
        } catch (RuntimeException e) {
            SelvageException fault = FaultRule.ofDefect(e);
            if (fault.code() == dev.selvage.model.ErrorCode.FOREIGN_WRITE) {
                LOG.warn("task={} {} {} is not signed: {}", task, function, steps, fault.getMessage());
            } else {
                LOG.debug("task={} {} {} refused: {}", task, function, steps, fault.getMessage());
            }
            if (FaultRule.ofEndorse(fault) == FaultRule.STOP) {
                stop.accept(fault);
            }
            if (steps.size() > 1) { // one of them refuses the whole list: each for itself
                steps.forEach(step -> send(task, function, List.of(step), askFirst));
            } else {
                conductor.execute(() -> later(task, steps, 0));
            }
        }
    }

    private static boolean nothingToDo(String answer) {
        return CanonicalJson.readList(answer, StepDone.class).stream().noneMatch(StepDone::changed);
    }

    /** Validation codes of own transactions. */
    void onCodes(Map<String, String> codes, long now) {
        codes.forEach((txid, code) -> {
            Flight flight = flights.remove(txid);
            if (flight != null) {
                times.add(now - flight.since);
                if (!code.equals(LedgerBlock.VALID)) {
                    LOG.info("task={} tx={} came to nothing: {}", flight.task, txid, code);
                    again(flight.task, flight.steps, now);
                }
            }
        });
    }

    private void again(String task, List<?> steps, long now) {
        var known = intents.getOrDefault(task, Map.of());
        steps.forEach(step -> {
            Intent intent = known.get(step);
            if (intent != null) {
                intent.busy = false;
                intent.due = now;
            }
        });
    }

    /** Tries again after a pause that grows, or the one given. */
    private void later(String task, List<?> steps, long pause) {
        var known = intents.getOrDefault(task, Map.of());
        steps.forEach(step -> {
            Intent intent = known.get(step);
            if (intent != null) {
                intent.busy = false;
                intent.due = clock.millis() + (pause > 0 ? pause : intent.pause);
                intent.pause = Math.min(LONGEST_PAUSE_MS, intent.pause * 2);
            }
        });
    }

    /** What this node intends to do about a task, for {@code why}. */
    List<String> intended(String task) {
        return intents.getOrDefault(task, Map.of()).keySet().stream()
                .map(String::valueOf)
                .toList();
    }
}
