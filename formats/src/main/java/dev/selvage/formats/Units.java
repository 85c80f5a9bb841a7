package dev.selvage.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Amounts with units, as the files write them. Parsing gives null for what is not one. */
public final class Units {
    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,15})([A-Za-z]{0,2})");
    private static final Pattern CPUS = Pattern.compile("([0-9]{1,6})(m?)");
    private static final Map<String, Long> MILLIS = new LinkedHashMap<>();
    private static final Map<String, Long> BYTES = new LinkedHashMap<>();

    static {
        MILLIS.put("d", 86_400_000L);
        MILLIS.put("h", 3_600_000L);
        MILLIS.put("m", 60_000L);
        MILLIS.put("s", 1_000L);
        MILLIS.put("ms", 1L);
        BYTES.put("Ti", 1L << 40);
        BYTES.put("Gi", 1L << 30);
        BYTES.put("Mi", 1L << 20);
        BYTES.put("Ki", 1L << 10);
        BYTES.put("B", 1L);
    }

    private Units() {}

    /** A time such as {@code 5m}. */
    public static Duration duration(String text) {
        var millis = amount(text, MILLIS);
        return millis == null ? null : Duration.ofMillis(millis);
    }

    /** A size in bytes, such as {@code 64Mi}. */
    public static Long size(String text) {
        return amount(text, BYTES);
    }

    /** CPUs in thousandths: {@code 2} or {@code 500m}. */
    public static Long cpus(String text) {
        var matcher = CPUS.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long number = Long.parseLong(matcher.group(1));
        return matcher.group(2).isEmpty() ? number * 1000 : number;
    }

    /** The shortest text that {@link #duration} reads as these milliseconds. */
    public static String writeMillis(long millis) {
        return write(millis, MILLIS);
    }

    /** The shortest text that {@link #size} reads as these bytes. */
    public static String writeSize(long bytes) {
        return write(bytes, BYTES);
    }

    /** What {@link YamlValue#cpus} reads as these thousandths: a number of whole CPUs, else text such as {@code 500m}. */
    public static JsonNode writeCpus(long thousandths) {
        var nodes = JsonNodeFactory.instance;
        return thousandths % 1000 == 0 ? nodes.numberNode(thousandths / 1000) : nodes.textNode(thousandths + "m");
    }

    private static Long amount(String text, Map<String, Long> units) {
        var matcher = AMOUNT.matcher(text);
        var unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        if (unit == null) {
            return null;
        }
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
        } catch (ArithmeticException tooLarge) {
            return null;
        }
    }

    private static String write(long amount, Map<String, Long> units) {
        String last = "";
        for (var unit : units.entrySet()) {
            last = unit.getKey();
            if (amount != 0 && amount % unit.getValue() == 0) {
                return amount / unit.getValue() + last;
            }
        }
        return amount + last;
    }
}
