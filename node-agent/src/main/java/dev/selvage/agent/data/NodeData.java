package dev.selvage.agent.data;

import dev.selvage.agent.store.Database;
import java.nio.file.Path;
import java.util.List;

/** The database of data sets and grants, the owner's own records. */
final class NodeData {
    private static final List<String> FIRST = List.of(
            "CREATE TABLE data_set (name TEXT PRIMARY KEY, media_type TEXT NOT NULL, kind TEXT NOT NULL, path TEXT, digest TEXT,"
                    + " size INTEGER, modified INTEGER, engine TEXT, engine_table TEXT, row_count INTEGER, engine_version TEXT,"
                    + " added INTEGER NOT NULL) WITHOUT ROWID",
            "CREATE TABLE data_grant (id TEXT PRIMARY KEY, data TEXT NOT NULL, operation TEXT NOT NULL, digest TEXT NOT NULL,"
                    + " creators TEXT NOT NULL, until INTEGER, granted INTEGER NOT NULL) WITHOUT ROWID",
            "CREATE INDEX grants_of_data ON data_grant (data)");
    private static final List<String> OPENINGS = List.of(
            "ALTER TABLE data_grant ADD COLUMN opens INTEGER NOT NULL DEFAULT " + Grant.OPENS,
            "CREATE TABLE opened_blocks (audit TEXT PRIMARY KEY, anchor TEXT NOT NULL, asker TEXT NOT NULL,"
                    + " blocks INTEGER NOT NULL, shown INTEGER NOT NULL) WITHOUT ROWID",
            "CREATE INDEX opened_of_anchor ON opened_blocks (anchor, asker)");
    private static final List<List<String>> SCHEMAS = List.of(FIRST, OPENINGS);

    private NodeData() {}

    static Database open(Path file) {
        return Database.open(file, SCHEMAS);
    }
}
