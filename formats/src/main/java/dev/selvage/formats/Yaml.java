package dev.selvage.formats;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads YAML 1.2: plain maps, lists and values. Duplicate keys, anchors, aliases, tags, keys that are not text, more than {@link
 * #MAX_BYTES} and nesting deeper than {@link #MAX_DEPTH} are refused with their places.
 */
public final class Yaml {
    public static final int MAX_BYTES = 1 << 20;
    public static final int MAX_DEPTH = 32;

    private Yaml() {}

    /**
     * Reads a file that holds one document.
     *
     * @return its value, or a missing one when it could not be read as YAML; the reasons are in {@code problems}
     * @throws SelvageException FILE_UNREADABLE
     */
    public static YamlValue read(Path file, Problems problems) {
        return parse(file.toString(), bytes(file), problems);
    }

    /** As {@link #read(Path, Problems)}, of bytes that are at hand. */
    public static YamlValue parse(String file, byte[] utf8, Problems problems) {
        int before = problems.count();
        var documents = documents(file, utf8, problems);
        if (documents.isEmpty()) {
            if (problems.count() == before) {
                problems.add(start(file), "", "the file is empty");
            }
            return YamlValue.missing(start(file), "", problems);
        }
        if (documents.size() > 1) {
            problems.add(documents.get(1).position(), "", "a second document (after \"---\"); this file holds one");
        }
        return documents.get(0);
    }

    /** As {@link #parse(String, byte[], Problems)}, of text. */
    public static YamlValue parse(String file, String text, Problems problems) {
        return parse(file, text.getBytes(StandardCharsets.UTF_8), problems);
    }

    /**
     * Reads a file that may hold several documents, separated by {@code ---}.
     *
     * @throws SelvageException FILE_UNREADABLE
     */
    public static List<YamlValue> readAll(Path file, Problems problems) {
        return documents(file.toString(), bytes(file), problems);
    }

    /** As {@link #readAll}, of bytes that are at hand. Documents without content are left out. */
    public static List<YamlValue> documents(String file, byte[] utf8, Problems problems) {
        if (utf8.length > MAX_BYTES) {
            problems.add(start(file), "", "the file is larger than " + Units.writeSize(MAX_BYTES));
            return List.of();
        }
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
            return new YamlParser(file, text, problems).documents();
        } catch (CharacterCodingException e) {
            problems.add(start(file), "", "the file is not UTF-8");
            return List.of();
        }
    }

    private static byte[] bytes(Path file) {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "Cannot read " + file + ".", e);
        }
    }

    private static Position start(String file) {
        return new Position(file, 1, 1);
    }
}
