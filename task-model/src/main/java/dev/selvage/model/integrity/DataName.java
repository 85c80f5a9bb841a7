package dev.selvage.model.integrity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Names;
import dev.selvage.model.SelvageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A data set's name on the channel, written {@code EwrMSP/flights}.
 *
 * @param owner the MSP of the organisation whose data it is; only its members anchor versions of it
 * @param name the name within the organisation
 */
public record DataName(String owner, String name) implements Comparable<DataName> {
    private static final String DOMAIN = "selvage/file/v1";

    public DataName {
        Names.component("The MSP", owner);
        Names.component("The data set", name);
    }

    /**
     * Reads {@code MSP/name}.
     *
     * @throws SelvageException REQUEST_INVALID
     */
    @JsonCreator
    public static DataName parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID,
                    "A data set is written MSP/name, such as EwrMSP/flights, not \"" + text + "\".");
        }
        return new DataName(text.substring(0, slash), text.substring(slash + 1));
    }

    /**
     * The 32 bytes that name the file in every leaf of its tree: SHA-256("selvage/file/v1" | BE32 length | owner | BE32 length | name). It follows
     * from the name, so nobody can anchor under the id of another's file.
     */
    public Digest file() {
        var sha = Digest.sha256();
        sha.update(DOMAIN.getBytes(StandardCharsets.US_ASCII));
        for (String part : new String[] {owner, name}) {
            byte[] bytes = part.getBytes(StandardCharsets.US_ASCII);
            sha.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
            sha.update(bytes);
        }
        return Digest.fromHash(sha.digest());
    }

    @JsonValue
    @Override
    public String toString() {
        return owner + "/" + name;
    }

    @Override
    public int compareTo(DataName other) {
        return toString().compareTo(other.toString());
    }
}
