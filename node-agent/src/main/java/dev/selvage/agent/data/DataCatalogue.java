package dev.selvage.agent.data;

import dev.selvage.agent.content.ContentStore;
import dev.selvage.agent.content.Hold;
import dev.selvage.agent.content.Stored;
import dev.selvage.agent.data.DataSet.Copied;
import dev.selvage.agent.data.DataSet.Referenced;
import dev.selvage.agent.data.DataSet.Source;
import dev.selvage.agent.data.DataSet.Table;
import dev.selvage.agent.store.Database;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Limits;
import dev.selvage.model.Names;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.model.Suggestion;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.time.Clock;
import java.util.List;
import java.util.regex.Pattern;

/** The node's data sets by the names that workflows use. They never leave the node. Thread-safe. */
public final class DataCatalogue implements AutoCloseable {
    private static final Pattern TABLE =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_$]{0,127}(\\.[A-Za-z_][A-Za-z0-9_$]{0,127})?");

    private final NodeId self;
    private final Database database;
    private final DataSetRows sets;
    private final Grants grants;
    private final Openings openings;
    private final ContentStore store;
    private final Clock clock;

    private DataCatalogue(NodeId self, Database database, ContentStore store, Clock clock) {
        this.self = self;
        this.database = database;
        this.sets = new DataSetRows(database);
        this.store = store;
        this.clock = clock;
        this.grants = new Grants(database, this, clock);
        this.openings = new Openings(database);
    }

    /**
     * Opens the catalogue, making it where it is not there.
     *
     * @param file the database
     * @param store where copies go
     * @throws SelvageException JOURNAL_CORRUPT, FILE_UNREADABLE
     */
    public static DataCatalogue open(Path file, NodeId self, ContentStore store, Clock clock) {
        return new DataCatalogue(self, NodeData.open(file), store, clock);
    }

    /** What the owner allows; in the same database. */
    public Grants grants() {
        return grants;
    }

    /** What audits have shown of it; in the same database. */
    public Openings openings() {
        return openings;
    }

    /**
     * Adds a file, or replaces the data set of that name; its grants stay.
     *
     * @param copy whether the store takes a copy; else the file stays where it is and must not change
     * @throws SelvageException REQUEST_INVALID, FILE_UNREADABLE, TOO_LARGE, STORAGE_FULL
     */
    public DataSet addFile(String name, Path file, String mediaType, boolean copy) {
        Names.component("The data set", name);
        Path absolute = file.toAbsolutePath().normalize();
        if (!Files.isRegularFile(absolute) || !Files.isReadable(absolute)) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, absolute + " is no file that this node can read.");
        }
        return replace(
                new DataSet(name, mediaType, copy ? copied(name, absolute) : referenced(absolute), clock.instant()));
    }

    /**
     * Adds a table that stays in its engine, or replaces the data set of that name; its grants stay.
     *
     * @throws SelvageException REQUEST_INVALID and what the probe throws
     */
    public DataSet addTable(String name, String engine, String table, TableProbe probe) {
        Names.component("The data set", name);
        Names.component("The engine", engine);
        if (!TABLE.matcher(table).matches()) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID,
                    "\"" + table
                            + "\" is no table's name: letters, digits, '_' and '$', with at most one schema before a dot.");
        }
        var state = probe.look(engine, table);
        return replace(new DataSet(
                name, "application/x-table", new Table(engine, table, state.rows(), state.version()), clock.instant()));
    }

    private DataSet replace(DataSet set) {
        sets.put(set);
        if (!(set.source() instanceof Copied)) {
            store.release(reference(set.name()));
        } else {
            releaseOthers(set);
        }
        return set;
    }

    /** The copy that was replaced loses its hold; the new one has it again before and after. */
    private void releaseOthers(DataSet set) {
        store.release(reference(set.name()));
        store.hold(((Copied) set.source()).digest(), Hold.owned(reference(set.name())));
        store.release(adding(set.name()));
    }

    private Source copied(String name, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            Stored stored = store.put(in, Limits.OUTPUT_SIZE, Hold.owned(adding(name)));
            return new Copied(stored.digest(), stored.size());
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "Cannot read " + file + ".", e);
        }
    }

    private static Source referenced(Path file) {
        try {
            long modified = Files.getLastModifiedTime(file).toMillis();
            long size = Files.size(file);
            Digest digest = digest(file);
            if (Files.size(file) != size || Files.getLastModifiedTime(file).toMillis() != modified) {
                throw new SelvageException(ErrorCode.DATA_CHANGED, file + " changed while it was read.");
            }
            return new Referenced(file, digest, size, modified);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "Cannot read " + file + ".", e);
        }
    }

    private static Digest digest(Path file) throws IOException {
        var sha = Digest.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return Digest.fromHash(sha.digest());
    }

    /**
     * Removes a data set and its grants. A file that was only referenced stays.
     *
     * @throws SelvageException DATA_UNKNOWN
     */
    public void remove(String name) {
        find(name);
        sets.remove(name);
        grants.changed();
        store.release(reference(name));
    }

    public List<DataSet> list() {
        return sets.all();
    }

    /**
     * The data set of that name.
     *
     * @throws SelvageException DATA_UNKNOWN, with what was probably meant
     */
    public DataSet find(String name) {
        return sets.find(name).orElseThrow(() -> {
            var names = list().stream().map(DataSet::name).toList();
            String meant = Suggestion.among(name, names);
            return new SelvageException(
                    ErrorCode.DATA_UNKNOWN,
                    self + " has no data set \"" + name + "\"" + (meant.isEmpty() ? "." : meant)
                            + " Add one there: selvage data add " + name + " FILE");
        });
    }

    /**
     * The data set of that name, after a look whether it is still what was added: a referenced file by size and time, and by its digest when
     * only the time differs. A table is not asked again.
     *
     * @throws SelvageException DATA_UNKNOWN, DATA_CHANGED
     */
    public DataSet current(String name) {
        DataSet set = find(name);
        if (set.source() instanceof Referenced file) {
            return checked(set, file);
        }
        if (set.source() instanceof Copied copied && store.find(copied.digest()).isEmpty()) {
            throw changed(name, "its copy is gone from the content store");
        }
        return set;
    }

    private DataSet checked(DataSet set, Referenced file) {
        try {
            if (!Files.isRegularFile(file.path())) {
                throw changed(set.name(), file.path() + " is gone");
            }
            if (Files.size(file.path()) != file.size()) {
                throw changed(set.name(), file.path() + " has another size than when it was added");
            }
            long modified = Files.getLastModifiedTime(file.path()).toMillis();
            if (modified == file.modifiedMs()) {
                return set;
            }
            if (!digest(file.path()).equals(file.digest())) {
                throw changed(set.name(), file.path() + " has other content than when it was added");
            }
            var touched = new DataSet(
                    set.name(),
                    set.mediaType(),
                    new Referenced(file.path(), file.digest(), file.size(), modified),
                    set.added());
            sets.put(touched);
            return touched;
        } catch (IOException e) {
            throw changed(set.name(), file.path() + " cannot be read");
        }
    }

    private SelvageException changed(String name, String how) {
        return new SelvageException(
                ErrorCode.DATA_CHANGED,
                "The data set \"" + name + "\" of " + self + " is not what was added: " + how
                        + ". Add it again: selvage data add " + name + " FILE");
    }

    NodeId self() {
        return self;
    }

    private static String reference(String name) {
        return "data/" + name;
    }

    private static String adding(String name) {
        return "data-adding/" + name;
    }

    @Override
    public void close() {
        database.close();
    }
}
