package dev.selvage.network.internal.access;

import com.google.protobuf.Timestamp;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** How far a client's clock may be off: 15 minutes, as on a Fabric peer. */
public final class TimeWindow {
    private static final Duration WIDTH = Duration.ofMinutes(15);

    private TimeWindow() {}

    /** Whether the stated time is near enough; a timestamp that is none is not. */
    public static boolean contains(Timestamp stated, Instant now) {
        try {
            Instant instant = Instant.ofEpochSecond(stated.getSeconds(), stated.getNanos());
            return Duration.between(instant, now).abs().compareTo(WIDTH) <= 0;
        } catch (DateTimeException | ArithmeticException absurd) {
            return false;
        }
    }
}
