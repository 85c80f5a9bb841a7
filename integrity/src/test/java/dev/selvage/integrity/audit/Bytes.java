package dev.selvage.integrity.audit;

import java.util.Arrays;
import java.util.Random;

/** A file in memory, for tests; blocks can be changed behind the auditor's back. */
record Bytes(byte[] content, int blockSize) implements BlockSource {
    static Bytes random(long seed, int length, int blockSize) {
        byte[] content = new byte[length];
        new Random(seed).nextBytes(content);
        return new Bytes(content, blockSize);
    }

    @Override
    public long length() {
        return content.length;
    }

    @Override
    public byte[] block(int index) {
        int from = index * blockSize;
        return Arrays.copyOfRange(content, from, Math.min(content.length, from + blockSize));
    }
}
