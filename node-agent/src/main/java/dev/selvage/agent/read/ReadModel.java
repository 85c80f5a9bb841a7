package dev.selvage.agent.read;

import dev.selvage.agent.journal.Checkpoint;
import dev.selvage.agent.journal.Noted;
import dev.selvage.agent.ledger.LedgerBlock;
import dev.selvage.agent.store.Database;
import dev.selvage.agent.store.Session;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.NodeInfo;
import dev.selvage.model.ContractApi.NodeRevocation;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.ContractApi.Submission;
import dev.selvage.model.Digest;
import dev.selvage.model.Facts.OutputFact;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The followed contract's facts in order of time. Remove the file and the next start makes it anew from block 0. Arguments of valid
 * transactions are trusted as the endorsers' signatures make them: the ledger checked those. Thread-safe.
 */
public final class ReadModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReadModel.class);
    private static final List<List<String>> SCHEMAS = List.of(
            List.of(
                    Checkpoint.TABLE,
                    "CREATE TABLE task (id TEXT PRIMARY KEY, seq INTEGER NOT NULL, workflow TEXT NOT NULL, name TEXT NOT NULL,"
                            + " version TEXT NOT NULL, creator TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL, ended INTEGER,"
                            + " retry_of TEXT) WITHOUT ROWID",
                    "CREATE INDEX task_seq ON task (seq)",
                    "CREATE INDEX task_retry ON task (retry_of)",
                    "CREATE TABLE fact (seq INTEGER PRIMARY KEY, task TEXT NOT NULL, block INTEGER NOT NULL, txid TEXT NOT NULL,"
                            + " at INTEGER NOT NULL, entry TEXT NOT NULL)",
                    "CREATE INDEX fact_task ON fact (task)",
                    "CREATE TABLE output (digest TEXT NOT NULL, task TEXT NOT NULL, sub_task TEXT NOT NULL, part INTEGER NOT NULL,"
                            + " name TEXT NOT NULL, node TEXT NOT NULL, fact TEXT NOT NULL,"
                            + " PRIMARY KEY (digest, task, sub_task, part, name)) WITHOUT ROWID",
                    "CREATE TABLE node (id TEXT PRIMARY KEY, info TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID",
                    "CREATE TABLE revoked (msp TEXT NOT NULL, spki TEXT NOT NULL, PRIMARY KEY (msp, spki)) WITHOUT ROWID"),
            // a row for each transaction and task
            List.of("UPDATE fact SET entry = '[' || entry || ']'"));

    private final Database database;

    private ReadModel(Database database) {
        this.database = database;
    }

    public static ReadModel open(Path file) {
        return new ReadModel(Database.openDerived(file, SCHEMAS));
    }

    public Optional<Checkpoint> checkpoint() {
        return database.read(Checkpoint::kept);
    }

    /** Takes a block; one that was taken before changes nothing. */
    public void block(LedgerBlock block) {
        var before = checkpoint();
        if (before.isPresent() && block.number() <= before.get().block()) {
            return;
        }
        database.write(c -> {
            for (LedgerBlock.Transaction transaction : block.transactions()) {
                if (transaction.valid()) {
                    take(c, block, transaction);
                }
            }
            new Checkpoint(block.number(), block.hash()).keep(c);
            return null;
        });
    }

    private static void take(Session c, LedgerBlock block, LedgerBlock.Transaction transaction) throws SQLException {
        if (transaction.event().isPresent()) {
            var results = results(transaction);
            for (List<LedgerEvent.Entry> entries :
                    transaction.event().get().byTask().values()) {
                trace(c, block, transaction, entries);
            }
            for (LedgerEvent.Entry entry : transaction.event().get().facts()) {
                fact(c, transaction, entry);
                if (entry instanceof LedgerEvent.Result result) {
                    outputs(c, result, results);
                }
            }
        }
        try {
            if (transaction.function().equals(ContractApi.UPDATE_NODE_INFO)) {
                var info = CanonicalJson.read(transaction.argument(), NodeInfo.class);
                c.update(
                        "INSERT INTO node (id, info, at) VALUES (?, ?, ?)"
                                + " ON CONFLICT (id) DO UPDATE SET info = excluded.info, at = excluded.at",
                        new NodeId(transaction.msp(), info.node()).toString(),
                        CanonicalJson.text(info),
                        transaction.at());
            } else if (transaction.function().equals(ContractApi.REVOKE_NODE)) {
                var revocation = CanonicalJson.read(transaction.argument(), NodeRevocation.class);
                c.update(
                        "INSERT INTO revoked (msp, spki) VALUES (?, ?) ON CONFLICT DO NOTHING",
                        transaction.msp(),
                        revocation.spki().hex());
            }
        } catch (SelvageException e) {
            LOG.warn(
                    "tx={} {} has an argument that cannot be read: {}",
                    transaction.txid(),
                    transaction.function(),
                    e.sentence());
        }
    }

    private static List<ResultItem> results(LedgerBlock.Transaction transaction) {
        if (!transaction.function().equals(ContractApi.SUBMIT_RESULTS)) {
            return List.of();
        }
        try {
            return CanonicalJson.read(transaction.argument(), Submission.class).results();
        } catch (SelvageException e) {
            LOG.warn("tx={} holds results that cannot be read: {}", transaction.txid(), e.sentence());
            return List.of();
        }
    }

    /** One row for all that a transaction says of a task. */
    private static void trace(
            Session c, LedgerBlock block, LedgerBlock.Transaction transaction, List<LedgerEvent.Entry> entries)
            throws SQLException {
        c.update(
                "INSERT INTO fact (task, block, txid, at, entry) VALUES (?, ?, ?, ?, ?)",
                entries.get(0).task(),
                block.number(),
                transaction.txid(),
                transaction.at(),
                LedgerEvent.text(entries));
    }

    private static void fact(Session c, LedgerBlock.Transaction transaction, LedgerEvent.Entry entry)
            throws SQLException {
        if (entry instanceof LedgerEvent.Created created) {
            c.update(
                    "INSERT INTO task (id, seq, workflow, name, version, creator, state, at, retry_of)"
                            + " SELECT ?, 1 + coalesce(max(seq), 0), ?, ?, ?, ?, 'Running', ?, ? FROM task WHERE true"
                            + " ON CONFLICT (id) DO NOTHING",
                    created.task(),
                    created.workflow().hex(),
                    created.name(),
                    created.version(),
                    CanonicalJson.text(created.creator()),
                    transaction.at(),
                    retryOf(transaction));
        } else if (entry instanceof LedgerEvent.End end) {
            c.update(
                    "UPDATE task SET state = ?, ended = ? WHERE id = ?",
                    end.state().toString(),
                    transaction.at(),
                    end.task());
        }
    }

    private static String retryOf(LedgerBlock.Transaction transaction) {
        try {
            return transaction.function().equals(ContractApi.CREATE_TASK)
                    ? CanonicalJson.read(transaction.argument(), ContractApi.NewTask.class)
                            .retryOf()
                    : null;
        } catch (SelvageException e) {
            return null;
        }
    }

    private static void outputs(Session c, LedgerEvent.Result result, List<ResultItem> items) throws SQLException {
        for (ResultItem item : items) {
            boolean same = item.task().equals(result.task())
                    && item.subTask().equals(result.subTask())
                    && item.index() == result.index()
                    && item.attempt() == result.attempt()
                    && item.role().equals(result.role());
            if (same) {
                for (var output : item.outputs().entrySet()) {
                    c.update(
                            "INSERT INTO output (digest, task, sub_task, part, name, node, fact) VALUES (?, ?, ?, ?, ?, ?, ?)"
                                    + " ON CONFLICT DO NOTHING",
                            output.getValue().digest().hex(),
                            item.task(),
                            item.subTask(),
                            item.index(),
                            output.getKey(),
                            result.node().toString(),
                            CanonicalJson.text(output.getValue()));
                }
            }
        }
    }

    /** Where a digest is an output. */
    record OutputPlace(String task, String subTask, int part, String name, NodeId node, OutputFact fact) {}

    List<OutputPlace> places(Digest digest) {
        return database.read(c -> c.rows(
                row -> new OutputPlace(
                        row.getString(1),
                        row.getString(2),
                        row.getInt(3),
                        row.getString(4),
                        NodeId.parse(row.getString(5)),
                        CanonicalJson.read(row.getString(6), OutputFact.class)),
                "SELECT task, sub_task, part, name, node, fact FROM output WHERE digest = ?",
                digest.hex()));
    }

    /** Tasks that continue this one, directly or not. */
    List<String> retriesOf(String task) {
        return database.read(c -> c.texts(
                "WITH RECURSIVE later(id) AS (SELECT id FROM task WHERE retry_of = ?"
                        + " UNION SELECT t.id FROM task t JOIN later l ON t.retry_of = l.id) SELECT id FROM later",
                task));
    }

    /** When a task and all that continue it ended; empty while one of them runs, or when it is not known. */
    public Optional<Instant> finished(String task) {
        return database.read(c -> c.first(
                        row -> row.getInt(1) > 0 && row.getInt(1) == row.getInt(2)
                                ? Optional.of(Instant.ofEpochMilli(row.getLong(3)))
                                : Optional.<Instant>empty(),
                        "WITH RECURSIVE later(id) AS (SELECT id FROM task WHERE id = ?"
                                + " UNION SELECT t.id FROM task t JOIN later l ON t.retry_of = l.id)"
                                + " SELECT count(*), count(t.ended), max(t.ended) FROM later l JOIN task t ON t.id = l.id",
                        task)
                .flatMap(ended -> ended));
    }

    boolean revoked(String msp, Digest spki) {
        return database.read(c -> !c.texts("SELECT spki FROM revoked WHERE msp = ? AND spki = ?", msp, spki.hex())
                .isEmpty());
    }

    /** What a node last said of itself. */
    public Optional<NodeInfo> node(NodeId node) {
        return database.read(c -> c.first(
                row -> CanonicalJson.read(row.getString(1), NodeInfo.class),
                "SELECT info FROM node WHERE id = ?",
                node.toString()));
    }

    /** The nodes of an organisation that have told the ledger where they are, in order of their names. */
    public List<NodeId> nodes(String msp) {
        return database.read(c -> c.texts("SELECT id FROM node ORDER BY id")).stream()
                .map(NodeId::parse)
                .filter(node -> node.msp().equals(msp))
                .toList();
    }

    /**
     * A task in a list.
     *
     * @param state Running until it has ended
     * @param ended null while it runs
     */
    public record ListedTask(
            String id,
            Digest workflow,
            String name,
            String version,
            String creator,
            String state,
            long at,
            Long ended) {}

    /** The latest tasks, newest first. */
    public List<ListedTask> tasks(int most) {
        return database.read(c -> c.rows(
                row -> new ListedTask(
                        row.getString(1),
                        new Digest(row.getString(2)),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getLong(7),
                        row.getObject(8) == null ? null : Long.valueOf(row.getLong(8))),
                "SELECT id, workflow, name, version, creator, state, at, ended FROM task ORDER BY seq DESC LIMIT ?",
                most));
    }

    /**
     * A fact of a task.
     *
     * @param at the transaction's time, milliseconds since 1970 UTC
     */
    public record Traced(long block, String txid, long at, LedgerEvent.Entry entry) {}

    /** All facts of a task in ledger order. */
    public List<Traced> trace(String task) {
        return database
                .read(c -> c.rows(
                        row -> new Noted(
                                row.getLong(1),
                                row.getString(2),
                                row.getLong(3),
                                LedgerEvent.entries(row.getString(4))),
                        "SELECT block, txid, at, entry FROM fact WHERE task = ? ORDER BY seq",
                        task))
                .stream()
                .flatMap(noted -> noted.entries().stream()
                        .map(entry -> new Traced(noted.block(), noted.txid(), noted.at(), entry)))
                .toList();
    }

    @Override
    public void close() {
        database.close();
    }
}
