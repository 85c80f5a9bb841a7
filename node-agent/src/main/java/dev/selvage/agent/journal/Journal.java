package dev.selvage.agent.journal;

import dev.selvage.agent.journal.PartRow.State;
import dev.selvage.agent.ledger.SignedTransaction;
import dev.selvage.agent.store.Database;
import dev.selvage.agent.store.Session;
import dev.selvage.engine.RunKey;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi.Deployment;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts.TaskFact;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.SelvageException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The agent's memory. Each method is one durable transaction, so that kill -9 between any two leaves a state from which the same outcome
 * follows. Thread-safe. Faults are JOURNAL_CORRUPT and STORAGE_FULL.
 */
public final class Journal implements AutoCloseable {
    private static final List<List<String>> SCHEMAS = List.of(
            List.of(
                    "CREATE TABLE identity (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
                    Checkpoint.TABLE,
                    "CREATE TABLE workflow (digest TEXT PRIMARY KEY, deployment TEXT NOT NULL) WITHOUT ROWID",
                    // state: new (not known yet whether it is ours), ours, other, ended
                    "CREATE TABLE task (id TEXT PRIMARY KEY, state TEXT NOT NULL, fact TEXT, ended INTEGER) WITHOUT ROWID",
                    "CREATE TABLE entry (seq INTEGER PRIMARY KEY, task TEXT NOT NULL REFERENCES task, block INTEGER NOT NULL,"
                            + " txid TEXT NOT NULL, at INTEGER NOT NULL, fact TEXT NOT NULL)",
                    "CREATE INDEX entry_task ON entry (task)",
                    "CREATE TABLE part (key TEXT PRIMARY KEY, task TEXT NOT NULL, state TEXT NOT NULL, foreign_id TEXT NOT NULL,"
                            + " result TEXT, verdict TEXT NOT NULL) WITHOUT ROWID",
                    "CREATE INDEX part_task ON part (task)",
                    "CREATE TABLE sent (txid TEXT PRIMARY KEY, bytes BLOB NOT NULL, parts TEXT NOT NULL, since INTEGER NOT NULL)"
                            + " WITHOUT ROWID",
                    "CREATE TABLE own (txid TEXT PRIMARY KEY) WITHOUT ROWID"),
            // a row for each transaction and task
            List.of("UPDATE entry SET fact = '[' || fact || ']'"));

    private final Database database;

    private Journal(Database database) {
        this.database = database;
    }

    /** Opens the journal, making it where it is not there. */
    public static Journal open(Path file) {
        return new Journal(Database.open(file, SCHEMAS));
    }

    /**
     * Binds the journal to a ledger and a node when it is new, and compares when it is not.
     *
     * @throws SelvageException LEDGER_MISMATCH when it belongs to another
     */
    public void belongsTo(Map<String, String> identity) {
        database.write(c -> {
            for (var wanted : identity.entrySet()) {
                var there = c.texts("SELECT value FROM identity WHERE name = ?", wanted.getKey());
                if (there.isEmpty()) {
                    c.update("INSERT INTO identity (name, value) VALUES (?, ?)", wanted.getKey(), wanted.getValue());
                } else if (!there.get(0).equals(wanted.getValue())) {
                    throw new SelvageException(
                            ErrorCode.LEDGER_MISMATCH,
                            "The journal belongs to the " + wanted.getKey() + " " + there.get(0)
                                    + ", this ledger or node is " + wanted.getValue() + ".");
                }
            }
            return null;
        });
    }

    /** Writes something that changes nothing, and waits for the disk. */
    public void requireWritable() {
        database.write(c -> c.update("UPDATE identity SET value = value"));
    }

    public Optional<Checkpoint> checkpoint() {
        return database.read(Checkpoint::kept);
    }

    /** Takes a block in: new tasks, facts, what it settles, and the checkpoint. Facts of tasks that are known to be others' are left out. */
    public void block(Checkpoint checkpoint, NewTasks tasks, List<Noted> facts, Settlement settlement, long now) {
        database.write(c -> {
            for (var ours : tasks.ours().entrySet()) {
                ours(c, ours.getKey(), ours.getValue());
            }
            for (String other : tasks.others()) {
                c.update("INSERT INTO task (id, state) VALUES (?, 'other') ON CONFLICT (id) DO NOTHING", other);
            }
            for (Noted fact : facts) {
                c.update("INSERT INTO task (id, state) VALUES (?, 'new') ON CONFLICT (id) DO NOTHING", fact.task());
                c.update(
                        "INSERT INTO entry (task, block, txid, at, fact) SELECT ?, ?, ?, ?, ?"
                                + " WHERE (SELECT state FROM task WHERE id = ?) IN ('new', 'ours')",
                        fact.task(),
                        fact.block(),
                        fact.txid(),
                        fact.at(),
                        LedgerEvent.text(fact.entries()),
                        fact.task());
            }
            for (String txid : settlement.closed()) {
                c.update("DELETE FROM sent WHERE txid = ?", txid);
            }
            for (var settled : settlement.settled().entrySet()) {
                settle(c, settled.getKey(), settled.getValue());
            }
            for (RunKey key : settlement.reopened()) {
                reopen(c, key);
            }
            for (String task : settlement.ended()) {
                c.update("UPDATE task SET state = 'ended', ended = ? WHERE id = ?", now, task);
                c.update("DELETE FROM entry WHERE task = ?", task);
            }
            checkpoint.keep(c);
            return null;
        });
    }

    /** Keeps what is known of a task in which this node takes part. */
    public void ours(TaskFact fact, Deployment deployment) {
        database.write(c -> {
            ours(c, fact, deployment);
            return null;
        });
    }

    private static void ours(Session c, TaskFact fact, Deployment deployment) throws SQLException {
        String workflow = fact.workflow().hex();
        if (c.texts("SELECT digest FROM workflow WHERE digest = ?", workflow).isEmpty()) {
            c.update(
                    "INSERT INTO workflow (digest, deployment) VALUES (?, ?)",
                    workflow,
                    CanonicalJson.text(deployment));
        }
        c.update(
                "INSERT INTO task (id, state, fact) VALUES (?, 'ours', ?)"
                        + " ON CONFLICT (id) DO UPDATE SET state = 'ours', fact = excluded.fact"
                        + " WHERE task.state = 'new'",
                fact.id(),
                CanonicalJson.text(fact));
    }

    /** Forgets the facts of a task in which this node has no part. */
    public void notOurs(String task) {
        database.write(c -> {
            c.update("UPDATE task SET state = 'other' WHERE id = ? AND state = 'new'", task);
            c.update("DELETE FROM entry WHERE task = ?", task);
            return null;
        });
    }

    public Optional<Deployment> deployment(Digest workflow) {
        return database.read(c -> c.first(
                row -> CanonicalJson.read(row.getString(1), Deployment.class),
                "SELECT deployment FROM workflow WHERE digest = ?",
                workflow.hex()));
    }

    /** An engine has taken a run over. */
    public void accepted(RunKey key, String foreignId) {
        database.write(c -> c.update(
                "INSERT INTO part (key, task, state, foreign_id, verdict) VALUES (?, ?, ?, ?, '')"
                        + " ON CONFLICT (key) DO UPDATE SET foreign_id = excluded.foreign_id",
                key.text(),
                key.task(),
                State.ACCEPTED.name(),
                foreignId));
    }

    /** A result is final for this node; a result that is there already stays. */
    public void certified(RunKey key, ResultItem result) {
        database.write(c -> c.update(
                "INSERT INTO part (key, task, state, foreign_id, result, verdict) VALUES (?, ?, ?, '', ?, '')"
                        + " ON CONFLICT (key) DO UPDATE SET state = excluded.state, result = excluded.result"
                        + " WHERE part.result IS NULL AND part.state = 'ACCEPTED'",
                key.text(),
                key.task(),
                State.CERTIFIED.name(),
                CanonicalJson.text(result)));
    }

    /** The contract refused a result: this one takes its place. One that is settled stays. */
    public void replaced(RunKey key, ResultItem result) {
        database.write(c -> c.update(
                "UPDATE part SET state = ?, result = ? WHERE key = ? AND state <> ?",
                State.CERTIFIED.name(),
                CanonicalJson.text(result),
                key.text(),
                State.SETTLED.name()));
    }

    /** A transaction is about to be submitted. */
    public void sent(SentTransaction sent) {
        database.write(c -> {
            c.update(
                    "INSERT INTO sent (txid, bytes, parts, since) VALUES (?, ?, ?, ?)",
                    sent.transaction().txid(),
                    sent.transaction().bytes(),
                    String.join(" ", sent.parts().stream().map(RunKey::text).toList()),
                    sent.since());
            c.update("INSERT INTO own (txid) VALUES (?)", sent.transaction().txid());
            for (RunKey key : sent.parts()) {
                c.update("UPDATE part SET state = ? WHERE key = ?", State.SENT.name(), key.text());
            }
            return null;
        });
    }

    /** A transaction will never be ordered; its results go out again in others. */
    public void withdrawn(String txid, Collection<RunKey> parts) {
        database.write(c -> {
            c.update("DELETE FROM sent WHERE txid = ?", txid);
            for (RunKey key : parts) {
                reopen(c, key);
            }
            return null;
        });
    }

    private static void reopen(Session c, RunKey key) throws SQLException {
        c.update(
                "UPDATE part SET state = ? WHERE key = ? AND state = ?",
                State.CERTIFIED.name(),
                key.text(),
                State.SENT.name());
    }

    /** Parts that turned out to have nothing left to do, without a transaction of this node. */
    public void settled(Map<RunKey, String> verdicts) {
        database.write(c -> {
            for (var verdict : verdicts.entrySet()) {
                settle(c, verdict.getKey(), verdict.getValue());
            }
            return null;
        });
    }

    private static void settle(Session c, RunKey key, String verdict) throws SQLException {
        c.update(
                "INSERT INTO part (key, task, state, foreign_id, verdict) VALUES (?, ?, ?, '', ?)"
                        + " ON CONFLICT (key) DO UPDATE SET state = excluded.state, verdict = excluded.verdict",
                key.text(),
                key.task(),
                State.SETTLED.name(),
                verdict);
    }

    /** Whether this node sent the transaction with results, however long ago. */
    public boolean isOwn(String txid) {
        return database.read(
                c -> !c.texts("SELECT txid FROM own WHERE txid = ?", txid).isEmpty());
    }

    public Optional<PartRow> part(RunKey key) {
        return database.read(c ->
                parts(c, "SELECT key, state, foreign_id, result, verdict FROM part WHERE key = ?", key.text()).stream()
                        .findFirst());
    }

    /** The parts of this node in tasks that have not ended. */
    public List<PartRow> openParts() {
        return database.read(c -> parts(
                c,
                "SELECT key, state, foreign_id, result, verdict FROM part"
                        + " WHERE task IN (SELECT id FROM task WHERE state IN ('new', 'ours'))"));
    }

    /** Transactions whose fate is not known. */
    public List<SentTransaction> unsettled() {
        return database.read(c -> c.rows(
                row -> new SentTransaction(
                        new SignedTransaction(row.getString(1), row.getBytes(2)),
                        Stream.of(row.getString(3).split(" ", -1))
                                .map(RunKeys::parse)
                                .toList(),
                        row.getLong(4)),
                "SELECT txid, bytes, parts, since FROM sent ORDER BY since"));
    }

    /** The running tasks of this node. */
    public List<TaskFact> tasks() {
        return database.read(c -> c.texts("SELECT fact FROM task WHERE state = 'ours'").stream()
                .map(text -> CanonicalJson.read(text, TaskFact.class))
                .toList());
    }

    /** The facts of all running tasks, in ledger order. */
    public List<Noted> entries() {
        return database.read(c -> c.rows(
                row -> new Noted(
                        row.getLong(1), row.getString(2), row.getLong(3), LedgerEvent.entries(row.getString(4))),
                "SELECT block, txid, at, fact FROM entry ORDER BY seq"));
    }

    /** Removes what ended before a time: bounded retention. */
    public int forgetEndedBefore(long millis) {
        return database.write(c -> {
            c.update(
                    "DELETE FROM part WHERE task IN (SELECT id FROM task WHERE state = 'ended' AND ended < ?)", millis);
            return c.update("DELETE FROM task WHERE state = 'ended' AND ended < ?", millis);
        });
    }

    private static List<PartRow> parts(Session c, String sql, Object... values) throws SQLException {
        return c.rows(
                row -> new PartRow(
                        RunKeys.parse(row.getString(1)),
                        State.valueOf(row.getString(2)),
                        row.getString(3),
                        Optional.ofNullable(row.getString(4)).map(text -> CanonicalJson.read(text, ResultItem.class)),
                        row.getString(5)),
                sql,
                values);
    }

    @Override
    public void close() {
        database.close();
    }
}
