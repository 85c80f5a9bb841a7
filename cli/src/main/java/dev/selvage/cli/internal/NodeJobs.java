package dev.selvage.cli.internal;

import dev.selvage.agent.audit.AuditApi;
import dev.selvage.agent.audit.AuditApi.JobView;
import dev.selvage.agent.control.ControlClient;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Waits for work of a node that takes long, and tells how far it is. */
final class NodeJobs {
    private static final long PAUSE_MS = 100;
    private static final Duration TELL = Duration.ofSeconds(2);

    private final Session session;
    private String phase = "";
    private long told = System.nanoTime();

    NodeJobs(Session session) {
        this.session = session;
    }

    /**
     * The answer of a job that has begun.
     *
     * @throws SelvageException the job's fault
     */
    <T> T await(ControlClient control, JobView begun, Class<T> answer) {
        JobView view = begun;
        while (view.state().equals(JobView.RUNNING)) {
            tell(view);
            pause();
            view = control.ask(AuditApi.JOB, new AuditApi.JobId(begun.job()), JobView.class);
        }
        if (view.state().equals(JobView.FAILED)) {
            throw new SelvageException(
                    ErrorCode.named(view.code()).orElse(ErrorCode.INTERNAL), view.parameters(), view.sentence());
        }
        return CanonicalJson.bind(view.answer(), answer);
    }

    /** What takes longer than two seconds is told; each step with {@code -v}. */
    private void tell(JobView view) {
        if (!view.phase().equals(phase)) {
            phase = view.phase();
            session.detail(phase);
        }
        if (System.nanoTime() - told >= TELL.toNanos()) {
            told = System.nanoTime();
            session.progress(
                    view.total() == 0 ? phase : phase + ": " + bytes(view.done()) + " of " + bytes(view.total()));
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "The wait for the node was interrupted.", e);
        }
    }

    /** {@code 512 B}, {@code 6.2 MB}. */
    static String bytes(long count) {
        if (count < 1_000) {
            return count + " B";
        }
        String[] units = {"kB", "MB", "GB", "TB"};
        double value = count;
        int unit = -1;
        while (value >= 1_000 && unit < units.length - 1) {
            value /= 1_000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}
