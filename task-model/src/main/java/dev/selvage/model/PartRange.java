package dev.selvage.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Neighbouring parts of a sub-task.
 *
 * @param first index of the first part
 * @param count how many parts from there, at least one
 */
public record PartRange(int first, int count) {
    public PartRange {
        if (first < 0 || count < 1 || first > Limits.PARTS - count) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID,
                    "Parts " + first + " and " + (count - 1) + " more do not lie within 0 to " + (Limits.PARTS - 1)
                            + ".");
        }
    }

    public boolean contains(int index) {
        return index >= first && index - first < count;
    }

    /** Whether one of the ranges contains the part. */
    public static boolean contains(List<PartRange> ranges, int index) {
        return ranges.stream().anyMatch(range -> range.contains(index));
    }

    /** How many parts the ranges hold; they do not overlap. */
    public static int count(List<PartRange> ranges) {
        return ranges.stream().mapToInt(PartRange::count).sum();
    }

    /** The fewest ranges that hold these indexes, which are in order and without repetition. */
    public static List<PartRange> of(List<Integer> indexes) {
        List<PartRange> ranges = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= indexes.size(); i++) {
            if (i == indexes.size() || indexes.get(i) != indexes.get(i - 1) + 1) {
                ranges.add(new PartRange(indexes.get(from), i - from));
                from = i;
            }
        }
        return List.copyOf(ranges);
    }
}
