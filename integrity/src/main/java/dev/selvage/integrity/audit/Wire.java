package dev.selvage.integrity.audit;

import dev.selvage.proofs.Leaves;
import dev.selvage.proofs.MultiProof;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/** How proofs travel: a byte for the mode, then fields of fixed or announced length, big-endian; the paths are what is left. */
final class Wire {
    static final byte MERKLE = 1;
    static final byte SECTORED = 2;
    static final byte PAPER = 3;

    static final int SCALAR_BYTES = 32;

    private Wire() {}

    /** A number below 2^256 in 32 bytes, big-endian. */
    static byte[] scalar(BigInteger scalar) {
        byte[] bytes = scalar.toByteArray();
        byte[] fixed = new byte[SCALAR_BYTES];
        int length = Math.min(bytes.length, SCALAR_BYTES);
        System.arraycopy(bytes, bytes.length - length, fixed, SCALAR_BYTES - length, length);
        return fixed;
    }

    static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Writer(byte mode) {
            out.write(mode);
        }

        Writer count(int value) {
            out.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
            return this;
        }

        Writer fixed(byte[] bytes) {
            out.writeBytes(bytes);
            return this;
        }

        Writer rest(byte[] bytes) {
            return fixed(bytes);
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }

    static final class Reader {
        private final ByteBuffer in;

        Reader(byte[] bytes, byte mode) throws MalformedProofException {
            in = ByteBuffer.wrap(bytes);
            if (!in.hasRemaining() || in.get() != mode) {
                throw new MalformedProofException("not a proof of this mode");
            }
        }

        int count(int most) throws MalformedProofException {
            need(4);
            int value = in.getInt();
            if (value < 0 || value > most) {
                throw new MalformedProofException("a count of " + value + " where at most " + most + " can be");
            }
            return value;
        }

        byte[] fixed(int length) throws MalformedProofException {
            need(length);
            byte[] bytes = new byte[length];
            in.get(bytes);
            return bytes;
        }

        MultiProof paths() throws MalformedProofException {
            if (in.remaining() % Leaves.HASH_BYTES != 0) {
                throw new MalformedProofException("the paths are no whole number of hashes");
            }
            return MultiProof.decode(fixed(in.remaining()));
        }

        /** Holds that nothing follows. */
        void end() throws MalformedProofException {
            if (in.hasRemaining()) {
                throw new MalformedProofException("the proof is too long");
            }
        }

        private void need(int bytes) throws MalformedProofException {
            if (in.remaining() < bytes) {
                throw new MalformedProofException("the proof ends too early");
            }
        }
    }
}
