package dev.selvage.network.internal.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Byte keys of the derived maps. A namespace is followed by a zero byte, which no chaincode name holds; keys are UTF-8, so that
 * unsigned byte order is Fabric's order (and not that of Java's strings).
 */
final class StoreKeys {
    static final int POSITION = Long.BYTES + Integer.BYTES;

    private StoreKeys() {}

    static byte[] state(String namespace, String key) {
        byte[] ns = utf8(namespace);
        byte[] suffix = utf8(key);
        byte[] joined = new byte[ns.length + 1 + suffix.length];
        System.arraycopy(ns, 0, joined, 0, ns.length);
        System.arraycopy(suffix, 0, joined, ns.length + 1, suffix.length);
        return joined;
    }

    /** The least key after all of the namespace. */
    static byte[] endOf(String namespace) {
        byte[] end = state(namespace, "");
        end[end.length - 1] = 1;
        return end;
    }

    static String keyOf(String namespace, byte[] stateKey) {
        int from = utf8Length(namespace) + 1;
        return new String(stateKey, from, stateKey.length - from, StandardCharsets.UTF_8);
    }

    /** Entries of one key are exactly {@code prefix.length + POSITION} long, which tells them from those of longer keys. */
    static byte[] historyPrefix(String namespace, String key) {
        byte[] state = state(namespace, key);
        byte[] prefix = new byte[state.length + 1];
        System.arraycopy(state, 0, prefix, 0, state.length);
        return prefix;
    }

    static byte[] history(String namespace, String key, long block, int transaction) {
        byte[] prefix = historyPrefix(namespace, key);
        return ByteBuffer.allocate(prefix.length + POSITION)
                .put(prefix)
                .putLong(block)
                .putInt(transaction)
                .array();
    }

    static byte[] number(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int utf8Length(String text) {
        return utf8(text).length;
    }
}
