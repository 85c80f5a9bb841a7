package dev.selvage.cli.internal.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.formats.config.KeyPairFiles;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** An identity as Fabric's users keep it: an MSP folder, or an entry of a wallet folder. */
public final class ForeignIdentity {
    private static final int LARGEST = 64 * 1024;

    private ForeignIdentity() {}

    /**
     * Finds certificate and key. Those of an MSP folder stay where they are; those of a wallet are written as PEM files.
     *
     * @param place an MSP folder, a user's folder with one in it, an {@code .id} file of a wallet, or with a label the wallet's folder
     * @param label the entry's name; null for none
     * @param msp the organisation that it must be of
     * @param out where the files of a wallet's entry go
     * @throws SelvageException IDENTITY_INVALID; FILE_UNREADABLE
     */
    public static KeyPairFiles find(Path place, String label, String msp, Path out) {
        try {
            if (label != null) {
                return wallet(place.resolve(label + ".id"), msp, out);
            }
            if (Files.isRegularFile(place)) {
                return wallet(place, msp, out);
            }
            var folder = Files.isDirectory(place.resolve("msp")) ? place.resolve("msp") : place;
            return new KeyPairFiles(only(folder.resolve("signcerts")), only(folder.resolve("keystore")));
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, place + " cannot be read: " + e + ".", e);
        }
    }

    private static Path only(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw invalid("There is no " + folder + ": give an MSP folder, or a wallet with --label.");
        }
        try (var files = Files.list(folder)) {
            var all = files.filter(Files::isRegularFile).sorted().toList();
            if (all.size() != 1) {
                throw invalid(folder + " holds " + all.size() + " files where one is expected.");
            }
            return all.get(0).toAbsolutePath().normalize();
        }
    }

    private static KeyPairFiles wallet(Path file, String msp, Path out) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
            throw invalid(file + " is no entry of a wallet.");
        }
        JsonNode entry = CanonicalJson.parse(Files.readString(file));
        var credentials = entry.path("credentials");
        if (!entry.path("type").asText().equals("X.509")
                || !credentials.path("certificate").isTextual()
                || !credentials.path("privateKey").isTextual()) {
            throw invalid(file + " holds no X.509 identity with its key.");
        }
        if (!entry.path("mspId").asText().equals(msp)) {
            throw invalid(file + " is of " + entry.path("mspId").asText() + ", the connection profile of " + msp + ".");
        }
        var certificate = out.resolve("cert.pem");
        var key = out.resolve("key.pem");
        WholeFile.write(certificate, credentials.path("certificate").asText());
        WholeFile.writeSecret(key, credentials.path("privateKey").asText().getBytes(StandardCharsets.UTF_8));
        return new KeyPairFiles(certificate, key);
    }

    private static SelvageException invalid(String sentence) {
        return new SelvageException(ErrorCode.IDENTITY_INVALID, sentence);
    }
}
