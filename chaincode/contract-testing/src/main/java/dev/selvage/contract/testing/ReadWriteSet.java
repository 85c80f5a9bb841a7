package dev.selvage.contract.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a simulation read and would write. */
final class ReadWriteSet {
    /** Version read of each key; 0 where nothing stood. */
    final Map<String, Long> reads = new TreeMap<>();

    final List<Range> ranges = new ArrayList<>();
    /** Value by key; null deletes. */
    final Map<String, byte[]> writes = new TreeMap<>();

    /** A range read as far as it was read. */
    static final class Range {
        final String start;
        final String end;
        final Map<String, Long> seen = new TreeMap<>();
        boolean exhausted;

        Range(String start, String end) {
            this.start = start;
            this.end = end;
        }

        @Override
        public String toString() {
            return start + ".." + end + seen + exhausted;
        }
    }

    /** Everything, for comparing two endorsements. */
    String image() {
        var text = new StringBuilder().append(reads).append(ranges);
        writes.forEach((key, value) -> text.append(key).append('=').append(Arrays.toString(value)));
        return text.toString();
    }
}
