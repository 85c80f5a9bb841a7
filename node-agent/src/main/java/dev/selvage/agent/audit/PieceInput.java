package dev.selvage.agent.audit;

import dev.selvage.agent.audit.v1.Piece;
import java.io.InputStream;
import java.util.Iterator;

/** The pieces of a call as bytes. The call's own faults come through as they are. For one thread. */
final class PieceInput extends InputStream {
    private final Iterator<Piece> pieces;
    private byte[] piece = new byte[0];
    private int at;

    PieceInput(Iterator<Piece> pieces) {
        this.pieces = pieces;
    }

    @Override
    public int read() {
        return more() ? piece[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int count) {
        if (count == 0) {
            return 0;
        }
        if (!more()) {
            return -1;
        }
        int some = Math.min(count, piece.length - at);
        System.arraycopy(piece, at, into, offset, some);
        at += some;
        return some;
    }

    private boolean more() {
        while (at == piece.length) {
            if (!pieces.hasNext()) {
                return false;
            }
            piece = pieces.next().getData().toByteArray();
            at = 0;
        }
        return true;
    }
}
