package dev.selvage.agent.audit;

import com.google.protobuf.ByteString;
import dev.selvage.agent.audit.v1.Piece;
import dev.selvage.agent.peer.Pace;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/** Bytes as pieces of a call, as fast as the asker takes them; one that takes less than 256 KiB a second is given up. For one thread. */
final class PieceOutput extends OutputStream {
    private static final int PIECE = 64 * 1024;
    /** What a reader may be behind the slowest rate. */
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final ServerCallStreamObserver<Piece> to;
    private final Duration grace;
    private final byte[] buffer = new byte[PIECE];
    private int filled;
    private long sent;
    private long waited;

    PieceOutput(ServerCallStreamObserver<Piece> to) {
        this(to, GRACE);
    }

    /** @param grace what the reader may be behind */
    PieceOutput(ServerCallStreamObserver<Piece> to, Duration grace) {
        this.to = to;
        this.grace = grace;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        int at = offset;
        int left = count;
        while (left > 0) {
            int some = Math.min(left, PIECE - filled);
            System.arraycopy(bytes, at, buffer, filled, some);
            filled += some;
            at += some;
            left -= some;
            if (filled == PIECE) {
                flush();
            }
        }
    }

    @Override
    public void flush() throws IOException {
        if (filled == 0) {
            return;
        }
        awaitRoom();
        to.onNext(Piece.newBuilder()
                .setData(ByteString.copyFrom(buffer, 0, filled))
                .build());
        sent += filled;
        filled = 0;
    }

    /** Only the time is counted in which this side had something to send. */
    private void awaitRoom() {
        long from = System.nanoTime();
        long allowed = grace.plusMillis(sent * 1000 / AuditTimes.SLOWEST_BYTES_PER_SECOND)
                .minusNanos(waited)
                .toNanos();
        Pace.awaitRoom(to, Duration.ofNanos(Math.max(0, allowed)));
        waited += System.nanoTime() - from;
    }
}
