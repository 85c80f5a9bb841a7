package dev.selvage.cli.internal.bench.integrity;

import dev.selvage.integrity.hash.ByteSource;
import java.nio.ByteBuffer;
import java.util.Random;

/** A file of any size that is nowhere: its bytes are made while they are read, 4 KiB pieces that all differ. */
final class MadeUpFile implements ByteSource {
    private static final int PIECE = 4096;
    private static final byte[] FILL = new byte[PIECE];

    static {
        new Random(1).nextBytes(FILL);
    }

    private final long length;

    MadeUpFile(long length) {
        this.length = length;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void read(long position, ByteBuffer into) {
        long at = position;
        while (into.hasRemaining()) {
            int offset = (int) (at % PIECE);
            int count = Math.min(PIECE - offset, into.remaining());
            if (offset == 0 && count >= Long.BYTES) {
                into.putLong(at / PIECE).put(FILL, Long.BYTES, count - Long.BYTES);
            } else {
                byte[] piece =
                        ByteBuffer.wrap(FILL.clone()).putLong(0, at / PIECE).array();
                into.put(piece, offset, count);
            }
            at += count;
        }
    }

    @Override
    public void requireUnchanged() {
        // what is made up the same way each time does not change
    }
}
