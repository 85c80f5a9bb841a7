package dev.selvage.agent.audit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts what is read, and tells of it. For one thread. */
final class CountingInput extends FilterInputStream {
    private final Progress progress;
    private long count;

    CountingInput(InputStream from, Progress progress) {
        super(from);
        this.progress = progress;
    }

    long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        int value = in.read();
        if (value >= 0) {
            counted(1);
        }
        return value;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int some = in.read(into, offset, length);
        if (some > 0) {
            counted(some);
        }
        return some;
    }

    private void counted(int some) {
        count += some;
        progress.done(some);
    }
}
