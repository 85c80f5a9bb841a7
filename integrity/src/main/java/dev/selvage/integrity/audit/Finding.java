package dev.selvage.integrity.audit;

import dev.selvage.proofs.Verdict;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What an audit found.
 *
 * @param damaged the challenged blocks whose bytes are not what is anchored, as far as they are known; empty when accepted
 */
public record Finding(Verdict verdict, SortedSet<Integer> damaged) {
    private static final int NAMED = 8;

    public Finding {
        damaged = new TreeSet<>(damaged);
    }

    public static Finding accepted() {
        return new Finding(Verdict.ACCEPTED, new TreeSet<>());
    }

    public static Finding rejected(String reason) {
        return new Finding(Verdict.rejected(reason), new TreeSet<>());
    }

    /** Rejected because of these blocks. */
    static Finding damaged(SortedSet<Integer> blocks, int challenged) {
        return new Finding(
                Verdict.rejected(blocks.size() + " of " + challenged
                        + " challenged blocks differ from what is anchored: " + named(blocks)),
                blocks);
    }

    /** {@code block 17} or {@code blocks 3, 17, ...}: the first few of many. */
    public static String named(SortedSet<Integer> blocks) {
        var text = new StringBuilder(blocks.size() == 1 ? "block " : "blocks ");
        int count = 0;
        for (int block : blocks) {
            if (count == NAMED) {
                return text.append(", ...").toString();
            }
            text.append(count++ == 0 ? "" : ", ").append(block);
        }
        return text.toString();
    }
}
