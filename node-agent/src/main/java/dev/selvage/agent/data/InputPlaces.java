package dev.selvage.agent.data;

import dev.selvage.agent.content.ContentStore;
import dev.selvage.agent.content.Stored;
import dev.selvage.agent.data.DataSet.Copied;
import dev.selvage.agent.data.DataSet.Referenced;
import dev.selvage.agent.data.DataSet.Table;
import dev.selvage.engine.EngineInput;
import dev.selvage.engine.InputPlace;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Turns content and data sets into inputs of a run. The caller holds the content until the run is over. Thread-safe. */
public final class InputPlaces {
    private final ContentStore store;
    private final DataCatalogue catalogue;

    public InputPlaces(ContentStore store, DataCatalogue catalogue) {
        this.store = store;
        this.catalogue = catalogue;
    }

    /**
     * Content of the store as an input.
     *
     * @param digest plain or salted
     * @param inlineUpTo bytes up to which it goes into the request itself; 0: always a file
     * @throws SelvageException CONTENT_UNKNOWN; DIGEST_MISMATCH when the store's file was damaged
     */
    public EngineInput content(
            RunDirectory run, String name, String label, int index, String mediaType, Digest digest, long inlineUpTo) {
        Stored stored = store.find(digest)
                .orElseThrow(() -> new SelvageException(
                        ErrorCode.CONTENT_UNKNOWN, "This node has no content " + digest.shortForm() + "...."));
        InputPlace place = stored.size() <= inlineUpTo
                ? new InputPlace.Inline(bytes(stored))
                : new InputPlace.OnDisk(placed(run, stored));
        return new EngineInput(name, label, index, mediaType, Optional.of(stored.digest()), stored.size(), place);
    }

    /**
     * A data set of this node as an input.
     *
     * @param inlineUpTo bytes up to which a file goes into the request itself; 0: always a file
     * @throws SelvageException DATA_UNKNOWN, DATA_CHANGED
     */
    public EngineInput data(RunDirectory run, String name, String dataSet, long inlineUpTo) {
        DataSet set = catalogue.current(dataSet);
        if (set.source() instanceof Table table) {
            return EngineInput.resident(name, new InputPlace.Resident(table.engine(), table.table(), table.version()));
        }
        if (set.source() instanceof Copied copied) {
            return content(run, name, "", 0, set.mediaType(), copied.digest(), inlineUpTo);
        }
        Referenced file = (Referenced) set.source();
        InputPlace place =
                file.size() <= inlineUpTo ? inline(dataSet, file) : new InputPlace.OnDisk(placed(run, dataSet, file));
        return new EngineInput(name, "", 0, set.mediaType(), Optional.of(file.digest()), file.size(), place);
    }

    private Path placed(RunDirectory run, Stored stored) {
        var file = store.file(stored.digest());
        return file.isEmpty()
                ? run.place(bytes(stored))
                : run.place(file.get(), stored.size(), stored.digest()).orElseThrow(() -> damaged(stored));
    }

    private static Path placed(RunDirectory run, String dataSet, Referenced file) {
        return run.place(file.path(), file.size(), file.digest()).orElseThrow(() -> changed(dataSet));
    }

    private static InputPlace inline(String dataSet, Referenced file) {
        try (InputStream in = Files.newInputStream(file.path())) {
            byte[] bytes = in.readNBytes(Math.toIntExact(file.size()) + 1);
            if (!Digest.of(bytes).equals(file.digest())) {
                throw changed(dataSet);
            }
            return new InputPlace.Inline(bytes);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "Cannot read " + file.path() + ".", e);
        }
    }

    private static SelvageException changed(String dataSet) {
        return new SelvageException(
                ErrorCode.DATA_CHANGED, "The data set \"" + dataSet + "\" has other content than when it was added.");
    }

    private byte[] bytes(Stored stored) {
        try (InputStream in = store.open(stored.digest())) {
            byte[] bytes = in.readNBytes(Math.toIntExact(stored.size()) + 1);
            if (!Digest.of(bytes).equals(stored.digest())) {
                throw damaged(stored);
            }
            return bytes;
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.CONTENT_UNKNOWN,
                    "This node cannot read " + stored.digest().shortForm() + "....",
                    e);
        }
    }

    private static SelvageException damaged(Stored stored) {
        return new SelvageException(
                ErrorCode.DIGEST_MISMATCH,
                "This node's copy of " + stored.digest().shortForm() + "... was damaged on disk.");
    }
}
