package dev.selvage.integrity.hash;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;

/**
 * How bytes come to a core and what hashes them there. Which is fastest depends on the machine and on how the process compiles its code (the
 * platform's own SHA-256 uses the processor's instructions only in code that the second compiler made), so it is measured.
 */
public enum CpuWay {
    /** The file is read into a buffer of the lane; the platform's digest. */
    READ,
    /** The file is mapped into memory; the platform's digest. */
    MAPPED,
    /**
     * The file is read into a buffer of the lane, which native code hashes where it lies. Never over a mapped file: a file that is truncated meanwhile
     * would end the process, where the platform's own code sees an error.
     */
    NATIVE;

    /** Looks when it is first asked: loading a native library is nothing that naming a way should cost. */
    private static final class Native {
        static final boolean LOADS = loads();

        private Native() {}

        private static boolean loads() {
            try {
                return AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError() == null;
            } catch (LinkageError e) {
                return false; // no native library for this platform
            }
        }
    }

    /** The ways that this machine has. */
    public static List<CpuWay> available() {
        return Arrays.stream(values())
                .filter(way -> way != NATIVE || Native.LOADS)
                .toList();
    }

    /** What is taken where nothing was measured. */
    public static CpuWay usual() {
        return Native.LOADS ? NATIVE : READ;
    }

    /** A fresh SHA-256. */
    public MessageDigest sha256() {
        try {
            return this == NATIVE
                    ? MessageDigest.getInstance("SHA-256", AmazonCorrettoCryptoProvider.INSTANCE)
                    : MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("no SHA-256", e);
        }
    }
}
