package dev.selvage.bridge;

import dev.selvage.formats.Units;
import java.time.Duration;

/** Amounts for people. */
final class Texts {
    private Texts() {}

    static String time(Duration time) {
        return Units.writeMillis(time.toMillis());
    }

    static String size(long bytes) {
        return Units.writeSize(bytes);
    }
}
