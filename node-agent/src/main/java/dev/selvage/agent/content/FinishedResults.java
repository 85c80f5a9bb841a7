package dev.selvage.agent.content;

import dev.selvage.engine.RunKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Lets go of the results of finished tasks: those that finished longer ago than they are kept, and the oldest while all together take more than
 * their limit. Content of a task that is not known to be finished stays. For one thread at a time.
 */
public final class FinishedResults {
    private static final String PREFIX = "result/";

    private final ContentStore store;
    private final Function<String, Optional<Instant>> finished;
    private final Duration keep;
    private final long most;
    private final Clock clock;

    /**
     * Nothing happens before {@link #sweep}.
     *
     * @param finished when a task and all that cite its results ended; empty while one runs or is not known
     * @param keep how long after that its results stay
     * @param most bytes of the results of all finished tasks
     */
    public FinishedResults(
            ContentStore store, Function<String, Optional<Instant>> finished, Duration keep, long most, Clock clock) {
        this.store = store;
        this.finished = finished;
        this.keep = keep;
        this.most = most;
        this.clock = clock;
    }

    /** The reference under which a part's results are held. */
    public static String reference(RunKey key) {
        return PREFIX + key.text();
    }

    private record Task(Instant finished, Set<String> references, long bytes) {}

    /**
     * Lets go of what is due.
     *
     * @return how many tasks
     */
    public int sweep() {
        List<Task> tasks = finishedTasks();
        Instant oldest = clock.instant().minus(keep);
        long bytes = tasks.stream().mapToLong(Task::bytes).sum();
        int released = 0;
        for (Task task : tasks) {
            if (!task.finished().isBefore(oldest) && bytes <= most) {
                break;
            }
            task.references().forEach(store::release);
            bytes -= task.bytes();
            released++;
        }
        return released;
    }

    /** The one that finished first comes first. */
    private List<Task> finishedTasks() {
        Map<String, List<ContentStore.Held>> byTask = new LinkedHashMap<>();
        for (var held : store.held(Retention.OWNED)) {
            if (held.reference().startsWith(PREFIX)) {
                int end = held.reference().indexOf('/', PREFIX.length());
                String task = held.reference().substring(PREFIX.length(), Math.max(PREFIX.length(), end));
                byTask.computeIfAbsent(task, id -> new ArrayList<>()).add(held);
            }
        }
        List<Task> tasks = new ArrayList<>();
        byTask.forEach((task, helds) -> finished.apply(task).ifPresent(at -> tasks.add(task(at, helds))));
        tasks.sort(Comparator.comparing(Task::finished));
        return tasks;
    }

    private static Task task(Instant finished, List<ContentStore.Held> helds) {
        Set<String> references = new LinkedHashSet<>();
        long bytes = 0;
        for (var held : helds) {
            references.add(held.reference());
            bytes += held.size();
        }
        return new Task(finished, references, bytes);
    }
}
