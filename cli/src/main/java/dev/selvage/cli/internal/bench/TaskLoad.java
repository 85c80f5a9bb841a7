package dev.selvage.cli.internal.bench;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.TaskState;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Tasks of one workflow, so many at a time: created by clients, carried out by the nodes, watched from outside. */
final class TaskLoad implements Load {
    private static final long PATIENCE_SECONDS = 120;

    private final List<ContractClient> clients;
    private final TaskWatch watch;
    private final ContractApi.NewTask task;
    private final int atATime;
    private final int open;
    private final AtomicInteger allItems = new AtomicInteger();

    /**
     * @param clients who create tasks, in turn
     * @param atATime tasks
     * @param open sub-tasks that one task can have open at a time
     */
    TaskLoad(List<ContractClient> clients, TaskWatch watch, ContractApi.NewTask task, int atATime, int open) {
        this.clients = clients;
        this.watch = watch;
        this.task = task;
        this.atATime = atATime;
        this.open = open;
    }

    @Override
    public int inFlight() {
        return atATime * open;
    }

    /** All results of all tasks so far. */
    @Override
    public int allItems() {
        return allItems.get();
    }

    @Override
    public void run(Recorder recorder) throws InterruptedException {
        watch.recordTo(recorder);
        Crew.run(atATime, number -> {
            var client = clients.get(number % clients.size());
            do {
                var created = client.submit(ContractApi.CREATE_TASK, task, ContractApi.CreatedTask.class)
                        .task();
                if (end(created) != TaskState.SUCCEEDED) {
                    recorder.failed();
                }
                allItems.addAndGet(watch.results(created));
                watch.forget(created);
            } while (System.nanoTime() < recorder.until());
        });
        watch.recordTo(null);
    }

    private TaskState end(String created) throws InterruptedException {
        try {
            return watch.end(created).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new SelvageException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "Task " + created + " did not end within " + PATIENCE_SECONDS + " s.",
                    e);
        } catch (ExecutionException e) {
            throw new SelvageException(ErrorCode.LEDGER_UNREACHABLE, "The event stream broke.", e.getCause());
        }
    }
}
