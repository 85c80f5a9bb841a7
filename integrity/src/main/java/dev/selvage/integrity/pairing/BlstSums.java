package dev.selvage.integrity.pairing;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.math.BigInteger;
import java.util.List;

/**
 * blst's multi-scalar multiplication (Pippenger's method), which the library exports and its Java bindings leave out: 460 points of 128
 * bits take some 5 ms instead of 31 one by one.
 */
final class BlstSums {
    private static final int AFFINE_BYTES = 96;
    private static final int JACOBIAN_BYTES = 144;

    private final NativeLibrary library;

    private BlstSums(NativeLibrary library) {
        this.library = library;
    }

    static BlstSums load() {
        try {
            var file = Native.extractFromResourcePath("/" + resource(), BlstSums.class.getClassLoader());
            return new BlstSums(NativeLibrary.getInstance(file.getAbsolutePath()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String resource() {
        String architecture = Platform.isARM() ? "aarch64" : "amd64";
        if (Platform.isMac()) {
            return "supranational/blst/Mac/" + (Platform.isARM() ? "aarch64" : "x86_64") + "/libblst.dylib";
        }
        return Platform.isWindows()
                ? "supranational/blst/Windows/" + architecture + "/blst.dll"
                : "supranational/blst/Linux/" + architecture + "/libblst.so";
    }

    /**
     * Lays points out for the library.
     *
     * @param serialized uncompressed, 96 bytes each, on the curve
     */
    Points points(byte[][] serialized) {
        Memory points = new Memory(Math.max(1, (long) serialized.length * AFFINE_BYTES));
        Function deserialize = library.getFunction("blst_p1_deserialize");
        for (int i = 0; i < serialized.length; i++) {
            int error = deserialize.invokeInt(
                    new Object[] {points.share((long) i * AFFINE_BYTES, AFFINE_BYTES), serialized[i]});
            if (error != 0) {
                throw new IllegalArgumentException("blst refuses point " + i + " with error " + error);
            }
        }
        return new Points(points);
    }

    /** Points in the library's own form. */
    final class Points {
        private final Memory points;

        private Points(Memory points) {
            this.points = points;
        }

        /** The sum of the first points times these scalars, serialised. */
        byte[] combine(List<BigInteger> scalars) {
            int count = scalars.size();
            Memory sum = new Memory(JACOBIAN_BYTES);
            sum.clear();
            int bits = scalars.stream().mapToInt(BigInteger::bitLength).max().orElse(0);
            if (bits > 0) {
                int width = (bits + 7) / 8; // the library steps by as many bytes as the widest scalar needs
                Memory digits = new Memory((long) count * width);
                for (int i = 0; i < count; i++) {
                    digits.write((long) i * width, littleEndian(scalars.get(i), width), 0, width);
                }
                long scratch = library.getFunction("blst_p1s_mult_pippenger_scratch_sizeof")
                        .invokeLong(new Object[] {(long) count});
                Memory scratchpad = new Memory(scratch);
                // an array of one pointer and a null means: all lie one after another
                Memory first = contiguous(points);
                Memory firstDigits = contiguous(digits);
                try {
                    library.getFunction("blst_p1s_mult_pippenger")
                            .invokeVoid(new Object[] {sum, first, (long) count, firstDigits, (long) bits, scratchpad});
                } finally {
                    // the library gets at both through their addresses alone, which keep no memory from being freed
                    Reference.reachabilityFence(points);
                    Reference.reachabilityFence(digits);
                }
            }
            byte[] serialized = new byte[AFFINE_BYTES];
            library.getFunction("blst_p1_serialize").invokeVoid(new Object[] {serialized, sum});
            return serialized;
        }

        private Memory contiguous(Pointer first) {
            Memory pointers = new Memory(2L * Native.POINTER_SIZE);
            pointers.setPointer(0, first);
            pointers.setPointer(Native.POINTER_SIZE, null);
            return pointers;
        }

        private byte[] littleEndian(BigInteger value, int width) {
            byte[] bytes = new byte[width];
            byte[] big = value.toByteArray();
            for (int i = 0; i < Math.min(width, big.length); i++) {
                bytes[i] = big[big.length - 1 - i];
            }
            return bytes;
        }
    }
}
