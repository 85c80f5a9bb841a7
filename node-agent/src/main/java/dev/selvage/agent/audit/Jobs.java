package dev.selvage.agent.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.agent.audit.AuditApi.JobView;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that takes longer than a call may: a few at a time, and the last of them remembered. Gone with the process. Thread-safe. */
final class Jobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
    private static final int AT_A_TIME = 2;
    private static final int QUEUED = 16;
    private static final int REMEMBERED = 128;

    private final ExecutorService threads = new ThreadPoolExecutor(
            AT_A_TIME, AT_A_TIME, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUED), task -> {
                var thread = new Thread(task, "audit-job");
                thread.setDaemon(true);
                return thread;
            });
    private final Map<String, Job> jobs = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Job> eldest) {
            return size() > REMEMBERED;
        }
    };

    /**
     * Begins a job.
     *
     * @throws SelvageException QUEUE_FULL
     */
    JobView start(Function<Progress, Object> work) {
        var job = new Job(UUID.randomUUID().toString());
        synchronized (jobs) {
            jobs.put(job.id, job);
        }
        try {
            threads.execute(() -> job.run(work));
        } catch (RejectedExecutionException e) {
            throw new SelvageException(ErrorCode.QUEUE_FULL, "The node has as many such jobs as it takes.", e);
        }
        return job.view();
    }

    /** @throws SelvageException REQUEST_INVALID for one that is not known */
    JobView view(String id) {
        Job job;
        synchronized (jobs) {
            job = jobs.get(id);
        }
        if (job == null) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID, "The node knows no such job: it may have been started again since.");
        }
        return job.view();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static final class Job implements Progress {
        private final String id;
        private final AtomicLong done = new AtomicLong();
        private volatile String phase = "waiting for its turn";
        private volatile long total;
        private volatile JsonNode answer;
        private volatile SelvageException fault;

        Job(String id) {
            this.id = id;
        }

        void run(Function<Progress, Object> work) {
            try {
                answer = CanonicalJson.tree(work.apply(this));
            } catch (SelvageException e) {
                LOG.info("job={} failed: {}", id, e.getMessage());
                fault = e;
            } catch (RuntimeException e) {
                fault = failed(e);
            } catch (Error e) {
                fault = failed(e); // whoever waits for it must learn of it
                throw e;
            }
        }

        private SelvageException failed(Throwable e) {
            LOG.error("job={} failed", id, e);
            return new SelvageException(ErrorCode.INTERNAL, "The node failed; its log says more.", e);
        }

        @Override
        public void phase(String what, long bytes) {
            phase = what;
            total = bytes;
            done.set(0);
        }

        @Override
        public void done(long bytes) {
            done.addAndGet(bytes);
        }

        JobView view() {
            var failed = fault;
            var given = answer;
            String state = failed != null ? JobView.FAILED : given != null ? JobView.DONE : JobView.RUNNING;
            return new JobView(
                    id,
                    state,
                    phase,
                    done.get(),
                    total,
                    given,
                    failed == null ? null : failed.code().name(),
                    failed == null ? null : failed.parameters(),
                    failed == null ? null : failed.sentence());
        }
    }
}
