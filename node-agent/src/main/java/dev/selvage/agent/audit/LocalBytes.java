package dev.selvage.agent.audit;

import dev.selvage.agent.content.ContentStore;
import dev.selvage.agent.data.DataCatalogue;
import dev.selvage.agent.data.DataSet;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Where the bytes of this node's data sets lie. Thread-safe. */
final class LocalBytes {
    private final DataCatalogue catalogue;
    private final ContentStore content;
    private final Path scratch;

    /** @param scratch a folder for small content, which has no file of its own */
    LocalBytes(DataCatalogue catalogue, ContentStore content, Path scratch) {
        this.catalogue = catalogue;
        this.content = content;
        this.scratch = scratch;
    }

    /**
     * The file with a data set's bytes as they are now.
     *
     * @throws SelvageException DATA_UNKNOWN; DATA_CHANGED when a copy is gone; NOT_SUPPORTED for a table
     */
    Path of(String name) {
        DataSet.Source source = catalogue.find(name).source();
        if (source instanceof DataSet.Referenced referenced) {
            return referenced.path();
        }
        if (source instanceof DataSet.Copied copied) {
            return content.file(copied.digest()).orElseGet(() -> small(copied.digest()));
        }
        throw new SelvageException(
                ErrorCode.NOT_SUPPORTED,
                "\"" + name + "\" is a table in an engine: only a file has bytes that can be anchored and audited.");
    }

    private Path small(Digest digest) {
        try (var in = content.open(digest)) {
            Files.createDirectories(scratch);
            Path part = Files.createTempFile(scratch, "small-", ".part");
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            return Files.move(
                    part,
                    scratch.resolve(digest.hex()),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.DATA_CHANGED, "The copy " + digest.shortForm() + "... cannot be read.", e);
        }
    }
}
