package dev.selvage.agent.peer;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;

/** The reader of a stream decides how fast it is written: nothing is buffered on this side. */
public final class Pace {
    private static final long TURN_MS = 10;

    private Pace() {}

    /**
     * Waits until the call takes more. For the thread that the call came on: its ready handler would run on the same one.
     *
     * @throws SelvageException INTERRUPTED where the reader has gone or the thread is to end
     */
    public static void awaitRoom(ServerCallStreamObserver<?> call) {
        awaitRoom(call, Duration.ofNanos(Long.MAX_VALUE));
    }

    /**
     * As above, so long at most.
     *
     * @throws SelvageException PEER_UNREACHABLE where the reader has taken nothing meanwhile
     */
    public static void awaitRoom(ServerCallStreamObserver<?> call, Duration most) {
        long from = System.nanoTime();
        while (!call.isReady()) {
            if (System.nanoTime() - from > most.toNanos()) {
                throw new SelvageException(ErrorCode.PEER_UNREACHABLE, "The reader takes too little of what is sent.");
            }
            if (call.isCancelled()) {
                throw new SelvageException(ErrorCode.INTERRUPTED, "The reader has gone.");
            }
            try {
                Thread.sleep(TURN_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SelvageException(ErrorCode.INTERRUPTED, "The node stops.", e);
            }
        }
    }
}
