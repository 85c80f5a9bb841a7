package dev.selvage.cli.internal;

import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.SubTaskState;
import dev.selvage.model.TaskState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Follows a task to its end. */
final class TaskWait {
    private static final long PAUSE_MILLIS = 150;

    private final Tasks tasks;
    private final LocalNodes local;
    private final Map<String, ContractApi.SubTaskView> seen = new HashMap<>();

    TaskWait(Tasks tasks, LocalNodes local) {
        this.tasks = tasks;
        this.local = local;
    }

    /**
     * Waits until the task ends.
     *
     * @param patience null to wait as long as it takes
     * @param changes is told of each change of a sub-task
     * @throws SelvageException STILL_WAITING with what it waits for
     */
    ContractApi.TaskView untilEnd(String task, Duration patience, Consumer<String> changes)
            throws InterruptedException {
        long end = patience == null ? Long.MAX_VALUE : System.nanoTime() + patience.toNanos();
        while (true) {
            var view = tasks.view(task);
            tell(view, changes);
            if (view.state().ended()) {
                return view;
            }
            if (patience != null && System.nanoTime() >= end) {
                throw stillWaiting(view, patience);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private void tell(ContractApi.TaskView view, Consumer<String> changes) {
        view.subTasks().forEach((name, now) -> {
            var before = seen.put(name, now);
            boolean quiet = before == null && now.state() == SubTaskState.WAITING;
            if (!now.equals(before) && !quiet) {
                changes.accept("  " + name + " " + progress(now));
            }
        });
    }

    /** {@code Ready, 2 of 3 done}. */
    static String progress(ContractApi.SubTaskView view) {
        var parts = view.parts();
        int done = parts.succeeded() + parts.failed();
        if (view.state().resolved() || parts.count() < 2) {
            return view.state().toString() + (parts.failed() > 0 ? ", " + parts.failed() + " failed" : "");
        }
        return view.state() + ", " + done + " of " + parts.count() + " done"
                + (parts.failed() > 0 ? ", " + parts.failed() + " failed" : "");
    }

    private SelvageException stillWaiting(ContractApi.TaskView view, Duration patience) {
        var id = Tasks.shortId(view.task().id());
        var causes = new Why(tasks, local).causes(view);
        var first = causes.isEmpty()
                ? "its state is " + view.state()
                : causes.get(0).sentence();
        var more = causes.size() > 1 ? " and " + (causes.size() - 1) + " more" : "";
        return new SelvageException(
                ErrorCode.STILL_WAITING,
                "task " + id + " after " + Times.whole(patience) + ": " + first + more + ". Details: selvage task why "
                        + id);
    }

    static int status(TaskState state) {
        return state == TaskState.SUCCEEDED ? ExitStatus.DONE : ExitStatus.TASK_NOT_SUCCEEDED;
    }
}
