package dev.selvage.agent.content;

import dev.selvage.agent.store.Database;
import dev.selvage.agent.store.Session;
import dev.selvage.model.Digest;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What the store knows of its files: sizes, holds, salts, times of use. */
final class ContentIndex implements AutoCloseable {
    private static final List<List<String>> SCHEMAS = List.of(
            List.of(
                    "CREATE TABLE item (digest TEXT PRIMARY KEY, size INTEGER NOT NULL, used INTEGER NOT NULL,"
                            + " holds INTEGER NOT NULL) WITHOUT ROWID",
                    "CREATE TABLE hold (digest TEXT NOT NULL REFERENCES item, reference TEXT NOT NULL, retention TEXT NOT NULL,"
                            + " PRIMARY KEY (digest, reference)) WITHOUT ROWID",
                    "CREATE TABLE salted (salted TEXT PRIMARY KEY, digest TEXT NOT NULL REFERENCES item ON DELETE CASCADE,"
                            + " salt TEXT NOT NULL) WITHOUT ROWID",
                    "CREATE INDEX cache ON item (used, size) WHERE holds = 0",
                    "CREATE INDEX reference ON hold (reference)",
                    "CREATE INDEX salts ON salted (digest)"),
            List.of(
                    "CREATE TABLE small (digest TEXT PRIMARY KEY REFERENCES item ON DELETE CASCADE, bytes BLOB NOT NULL)"));

    private final Database database;

    private ContentIndex(Database database) {
        this.database = database;
    }

    static ContentIndex open(Path file) {
        return new ContentIndex(Database.open(file, SCHEMAS));
    }

    /** A recorded item. */
    record Item(Digest digest, long size, long used) {}

    Optional<Item> item(Digest digest) {
        return database.read(
                c -> c.first(ContentIndex::item, "SELECT digest, size, used FROM item WHERE digest = ?", digest.hex()));
    }

    /** The content behind a plain or a salted digest. */
    Optional<Stored> find(Digest digest) {
        return database.read(c -> {
            var plain =
                    c.first(ContentIndex::item, "SELECT digest, size, used FROM item WHERE digest = ?", digest.hex());
            if (plain.isPresent()) {
                return Optional.of(new Stored(digest, plain.get().size(), Optional.empty()));
            }
            return c.first(
                    row -> new Stored(
                            new Digest(row.getString(1)), row.getLong(2), Optional.of(new Salt(row.getString(3)))),
                    "SELECT i.digest, i.size, s.salt FROM salted s JOIN item i ON i.digest = s.digest WHERE s.salted = ?",
                    digest.hex());
        });
    }

    /**
     * Records an item with its hold and salt, durably.
     *
     * @param small its bytes, where it is no file; else null
     * @return whether it was not recorded before
     */
    boolean record(Stored stored, byte[] small, Hold hold, long now) {
        return database.write(c -> {
            boolean known = !c.texts(
                            "SELECT digest FROM item WHERE digest = ?",
                            stored.digest().hex())
                    .isEmpty();
            c.update(
                    "INSERT INTO item (digest, size, used, holds) VALUES (?, ?, ?, 0)"
                            + " ON CONFLICT (digest) DO UPDATE SET used = excluded.used",
                    stored.digest().hex(),
                    stored.size(),
                    now);
            if (stored.salt().isPresent()) {
                c.update(
                        "INSERT INTO salted (salted, digest, salt) VALUES (?, ?, ?) ON CONFLICT (salted) DO NOTHING",
                        stored.ledgerDigest().hex(),
                        stored.digest().hex(),
                        stored.salt().get().hex());
            }
            if (small != null) {
                c.update(
                        "INSERT INTO small (digest, bytes) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING",
                        stored.digest().hex(),
                        small);
            }
            hold(c, stored.digest(), hold);
            return !known;
        });
    }

    /** The bytes of a small item; empty for what is a file or not recorded. */
    Optional<byte[]> bytes(Digest digest) {
        return database.read(
                c -> c.first(row -> row.getBytes(1), "SELECT bytes FROM small WHERE digest = ?", digest.hex()));
    }

    boolean isSmall(Digest digest) {
        return database.read(c -> !c.texts("SELECT digest FROM small WHERE digest = ?", digest.hex())
                .isEmpty());
    }

    void hold(Digest digest, Hold hold) {
        database.write(c -> {
            hold(c, digest, hold);
            return null;
        });
    }

    private static void hold(Session c, Digest digest, Hold hold) throws SQLException {
        int added = c.update(
                "INSERT INTO hold (digest, reference, retention) VALUES (?, ?, ?)"
                        + " ON CONFLICT (digest, reference) DO NOTHING",
                digest.hex(),
                hold.reference(),
                hold.retention().name());
        if (added == 1) {
            count(c, digest.hex(), 1);
        } else {
            c.update(
                    "UPDATE hold SET retention = ? WHERE digest = ? AND reference = ?",
                    hold.retention().name(),
                    digest.hex(),
                    hold.reference());
        }
    }

    /** Counts along: thousands may hold the same content. */
    private static void count(Session c, String digest, int change) throws SQLException {
        c.update("UPDATE item SET holds = holds + ? WHERE digest = ?", change, digest);
    }

    void release(String reference) {
        database.write(c -> {
            var held = c.texts("SELECT digest FROM hold WHERE reference = ?", reference);
            c.update("DELETE FROM hold WHERE reference = ?", reference);
            for (String digest : held) {
                count(c, digest, -1);
            }
            return null;
        });
    }

    /** Ends all holds of this kind. */
    void releaseAll(Retention retention) {
        database.write(c -> {
            var held = c.texts("SELECT digest FROM hold WHERE retention = ?", retention.name());
            c.update("DELETE FROM hold WHERE retention = ?", retention.name());
            for (String digest : held) {
                count(c, digest, -1);
            }
            return null;
        });
    }

    List<ContentStore.Held> held(Retention retention) {
        return database.read(c -> c.rows(
                row -> new ContentStore.Held(row.getString(1), new Digest(row.getString(2)), row.getLong(3)),
                "SELECT h.reference, h.digest, i.size FROM hold h JOIN item i ON i.digest = h.digest"
                        + " WHERE h.retention = ? ORDER BY h.reference, h.digest",
                retention.name()));
    }

    List<String> references(Retention retention) {
        return database.read(c -> c.texts(
                "SELECT DISTINCT reference FROM hold WHERE retention = ? ORDER BY reference", retention.name()));
    }

    void used(Digest digest, long now) {
        database.write(c -> c.update("UPDATE item SET used = ? WHERE digest = ?", now, digest.hex()));
    }

    /** The least recently used items that nobody holds. */
    List<Item> coldest(int most) {
        return database.read(c -> c.rows(
                ContentIndex::item,
                "SELECT digest, size, used FROM item WHERE holds = 0 ORDER BY used, digest LIMIT ?",
                most));
    }

    /** Whether nobody holds the item; false when it is not recorded. */
    boolean unheld(Digest digest) {
        return database.read(c -> !c.rows(
                        ContentIndex::item,
                        "SELECT digest, size, used FROM item WHERE holds = 0 AND digest = ?",
                        digest.hex())
                .isEmpty());
    }

    List<Item> all() {
        return database.read(c -> c.rows(ContentIndex::item, "SELECT digest, size, used FROM item ORDER BY digest"));
    }

    void forget(Digest digest) {
        database.write(c -> {
            c.update("DELETE FROM hold WHERE digest = ?", digest.hex());
            return c.update("DELETE FROM item WHERE digest = ?", digest.hex());
        });
    }

    /** Bytes that nobody holds. */
    long cacheBytes() {
        return database.read(
                        c -> c.first(row -> row.getLong(1), "SELECT coalesce(sum(size), 0) FROM item WHERE holds = 0"))
                .orElseThrow();
    }

    ContentStore.Usage usage() {
        return database.read(
                        c -> c.first(
                                row -> new ContentStore.Usage(row.getLong(1), row.getLong(2), row.getLong(3)),
                                "SELECT count(*), coalesce(sum(size), 0), coalesce(sum(CASE WHEN holds = 0 THEN size END), 0) FROM item"))
                .orElseThrow();
    }

    private static Item item(ResultSet row) throws SQLException {
        return new Item(new Digest(row.getString(1)), row.getLong(2), row.getLong(3));
    }

    @Override
    public void close() {
        database.close();
    }
}
