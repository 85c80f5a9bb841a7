package dev.selvage.cli.internal;

import dev.selvage.formats.Units;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Times and durations for people, and durations from them. */
final class Times {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter FINE = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
    private static final DateTimeFormatter FULL = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private Times() {}

    /** A time of today as a time of the day, else with its date. */
    static String clock(long millis) {
        var local = Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault());
        return (local.toLocalDate().equals(LocalDate.now(ZoneId.systemDefault())) ? CLOCK : FULL).format(local);
    }

    static String fine(long millis) {
        return FINE.format(Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault()));
    }

    /** {@code 0.3 s}, {@code 12 ms}. */
    static String span(long millis) {
        return millis < 100 ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }

    /** {@code 60 s}. */
    static String whole(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    /** Reads {@code 60s}, {@code 5m}. */
    static final class Converter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            Duration duration = Units.duration(text);
            if (duration == null) {
                throw new TypeConversionException(noDuration(text));
            }
            return duration;
        }
    }

    /**
     * As the converter, for an option whose value may be left out.
     *
     * @throws SelvageException USAGE
     */
    static Duration duration(String option, String text) {
        Duration duration = Units.duration(text);
        if (duration == null) {
            throw new SelvageException(ErrorCode.USAGE, option + ": " + noDuration(text) + ".");
        }
        return duration;
    }

    private static String noDuration(String text) {
        return "\"" + text + "\" is no duration such as 500ms, 60s or 5m";
    }
}
