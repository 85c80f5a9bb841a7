package dev.selvage.agent.data;

import dev.selvage.agent.store.Database;
import dev.selvage.model.Digest;
import java.util.List;
import java.util.OptionalInt;

/**
 * How many blocks of each anchored version every asker was shown, or may be shown by an audit that is under way. Blocks that are shown twice count
 * twice: which ones an audit draws is not known when it is answered. Durable; thread-safe.
 */
public final class Openings {
    private final Database database;

    Openings(Database database) {
        this.database = database;
    }

    /**
     * Counts the blocks of an audit, unless there is no room for them. What was counted before stays counted.
     *
     * @param anchor the version, by its anchor's digest
     * @param asker the organisation
     * @param most blocks that it may be shown of this version
     * @return empty when they are counted; else how many are counted already
     */
    public OptionalInt count(Digest anchor, String asker, String audit, int blocks, int most) {
        return database.write(c -> {
            if (c.first(row -> 1, "SELECT 1 FROM opened_blocks WHERE audit = ?", audit)
                    .isPresent()) {
                return OptionalInt.empty();
            }
            int counted = c.first(
                            row -> row.getInt(1),
                            "SELECT COALESCE(SUM(blocks), 0) FROM opened_blocks WHERE anchor = ? AND asker = ?",
                            anchor.hex(),
                            asker)
                    .orElse(0);
            if ((long) counted + blocks > most) {
                return OptionalInt.of(counted);
            }
            c.update(
                    "INSERT INTO opened_blocks (audit, anchor, asker, blocks, shown) VALUES (?, ?, ?, ?, 0)",
                    audit,
                    anchor.hex(),
                    asker,
                    blocks);
            return OptionalInt.empty();
        });
    }

    /** Blocks of an audit are about to be shown: they stay counted, whatever becomes of it. */
    public void shown(String audit) {
        database.write(c -> c.update("UPDATE opened_blocks SET shown = 1 WHERE audit = ?", audit));
    }

    /** Audits whose blocks are counted and were not shown yet. */
    public List<String> notShown(Digest anchor, String asker) {
        return database.read(c -> c.texts(
                "SELECT audit FROM opened_blocks WHERE anchor = ? AND asker = ? AND shown = 0", anchor.hex(), asker));
    }

    /** The blocks of an audit that ended before they were shown count no longer. */
    public void forget(String audit) {
        database.write(c -> c.update("DELETE FROM opened_blocks WHERE audit = ? AND shown = 0", audit));
    }
}
