package dev.selvage.network.internal.admin;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.internal.commit.Deployed;
import dev.selvage.network.org.ChaincodeDefinition;
import dev.selvage.network.org.ChannelOrganisations;
import dev.selvage.network.org.SignedDefinition;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/**
 * The chaincodes that the channel has agreed on, one signed record a file, durable before it counts. Thread-safe.
 */
public final class ChaincodeBook implements Deployed.Lookup {
    private static final String SUFFIX = ".json";

    private final Path folder;
    private final ChannelOrganisations organisations;
    private final Map<String, ChaincodeDefinition> definitions = new ConcurrentSkipListMap<>();

    private ChaincodeBook(Path folder, ChannelOrganisations organisations) {
        this.folder = folder;
        this.organisations = organisations;
    }

    /** Reads the folder; every record's signature is checked again. */
    public static ChaincodeBook open(Path folder, ChannelOrganisations organisations) throws IOException {
        Files.createDirectories(folder);
        ChaincodeBook book = new ChaincodeBook(folder, organisations);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                ChaincodeDefinition definition =
                        SignedDefinition.fromJson(Files.readString(file)).verify(organisations);
                book.definitions.put(definition.name(), definition);
            }
        }
        return book;
    }

    public List<ChaincodeDefinition> all() {
        return List.copyOf(definitions.values());
    }

    @Override
    public Optional<Deployed> find(String chaincode) {
        return Optional.ofNullable(definitions.get(chaincode))
                .map(definition -> new Deployed(definition.name(), definition.version(), definition.policy()));
    }

    /**
     * Takes a record: the first of its name, the next in sequence, or the very one that holds.
     *
     * @param connect told of the definition before it is kept, if it is new; may refuse it
     * @throws SelvageException NOT_PERMITTED where it is not signed by an admin; DUPLICATE where another holds its sequence
     */
    public synchronized ChaincodeDefinition add(SignedDefinition signed, Consumer<ChaincodeDefinition> connect)
            throws IOException {
        ChaincodeDefinition definition = signed.verify(organisations);
        ChaincodeDefinition held = definitions.get(definition.name());
        if (definition.equals(held)) {
            return held;
        }
        long expected = held == null ? 1 : held.sequence() + 1;
        if (definition.sequence() != expected) {
            throw new SelvageException(
                    ErrorCode.DUPLICATE,
                    "requested sequence is " + definition.sequence() + ", but new definition must be sequence "
                            + expected);
        }
        // first of all, so that files which cannot be read are told before anything is kept
        connect.accept(definition);
        write(definition.name(), signed.toJson());
        definitions.put(definition.name(), definition);
        return definition;
    }

    private void write(String name, String json) throws IOException {
        // a definition's name is made of letters, digits, '-' and '_' alone
        Path file = folder.resolve(name + SUFFIX);
        Path fresh = folder.resolve(name + SUFFIX + ".new");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
