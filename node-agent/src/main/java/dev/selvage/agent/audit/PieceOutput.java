package dev.selvage.agent.audit;

import com.google.protobuf.ByteString;
import dev.selvage.agent.audit.v1.Piece;
import dev.selvage.agent.peer.Pace;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.io.OutputStream;

/** Bytes as pieces of a call, as fast as the asker takes them. For one thread. */
final class PieceOutput extends OutputStream {
    private static final int PIECE = 64 * 1024;

    private final ServerCallStreamObserver<Piece> to;
    private final byte[] buffer = new byte[PIECE];
    private int filled;

    PieceOutput(ServerCallStreamObserver<Piece> to) {
        this.to = to;
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
        Pace.awaitRoom(to);
        to.onNext(Piece.newBuilder()
                .setData(ByteString.copyFrom(buffer, 0, filled))
                .build());
        filled = 0;
    }
}
