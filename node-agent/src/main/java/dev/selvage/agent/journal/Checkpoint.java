package dev.selvage.agent.journal;

import dev.selvage.agent.store.Session;
import dev.selvage.model.Digest;
import java.sql.SQLException;
import java.util.Optional;

/** The last block whose effects are in a database, kept in a table of one row. */
public record Checkpoint(long block, Digest hash) {
    /** Makes the table. */
    public static final String TABLE =
            "CREATE TABLE checkpoint (one INTEGER PRIMARY KEY CHECK (one = 1), block INTEGER NOT NULL, hash TEXT NOT NULL)";

    /** The one that is kept; empty before the first block. */
    public static Optional<Checkpoint> kept(Session c) throws SQLException {
        return c.first(
                row -> new Checkpoint(row.getLong(1), new Digest(row.getString(2))),
                "SELECT block, hash FROM checkpoint");
    }

    /** Takes the place of the one before. */
    public void keep(Session c) throws SQLException {
        c.update(
                "INSERT INTO checkpoint (one, block, hash) VALUES (1, ?, ?)"
                        + " ON CONFLICT (one) DO UPDATE SET block = excluded.block, hash = excluded.hash",
                block,
                hash.hex());
    }
}
