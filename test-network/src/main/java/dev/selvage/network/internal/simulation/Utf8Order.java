package dev.selvage.network.internal.simulation;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** The order of keys in Fabric: by their UTF-8 bytes, which differs from Java's own beyond the basic plane. */
public final class Utf8Order {
    public static final Comparator<String> COMPARATOR =
            (left, right) -> Arrays.compareUnsigned(bytes(left), bytes(right));

    private Utf8Order() {}

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
