package dev.selvage.network.fabric;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.Organisations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Ties the nodes' data to the keys with which they were made: the channel names the organisations' authorities and the orderers'
 * certificates for good, so that a network with other keys never works again, and its logs do not say why.
 */
final class DataKeys {
    private DataKeys() {}

    /**
     * Makes sure that data which is there was made with these keys; where none is, remembers them.
     *
     * @throws SelvageException CONFIG_INVALID
     */
    static void require(FabricPlan plan, Organisations organisations) {
        Path mark = plan.folder().resolve("keys.sha256");
        boolean made = Files.exists(plan.folder().resolve("data")) || Files.exists(plan.genesis());
        String keys = digest(plan, organisations) + "\n";
        try {
            if (!made || !Files.exists(mark)) {
                Files.createDirectories(plan.folder());
                Path fresh = mark.resolveSibling(".keys.new");
                Files.writeString(fresh, keys);
                Files.move(fresh, mark, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } else if (!Files.readString(mark).equals(keys)) {
                throw new SelvageException(
                        ErrorCode.CONFIG_INVALID,
                        "The channel in " + plan.folder() + " was made with other keys than those in "
                                + plan.organizations()
                                + ". Put those back, or begin anew: selvage network up --reset.");
            }
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot read or write " + mark, e);
        }
    }

    private static String digest(FabricPlan plan, Organisations organisations) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Organisation organisation : organisations.peers()) {
                add(digest, organisation);
            }
            Organisation orderer = organisations.orderer();
            add(digest, orderer);
            for (int i = 0; i < plan.orderers().size(); i++) {
                digest.update(Files.readAllBytes(orderer.identity("orderer" + i).certificate()));
                digest.update(
                        Files.readAllBytes(orderer.identity("orderer" + i).tls().certificate()));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot read " + plan.organizations(), e);
        }
    }

    private static void add(MessageDigest digest, Organisation organisation) throws IOException {
        digest.update(organisation.msp().getBytes(StandardCharsets.UTF_8));
        for (String folder : new String[] {"cacerts", "tlscacerts"}) {
            try (var files = Files.newDirectoryStream(organisation.mspFolder().resolve(folder))) {
                for (Path file : files) {
                    digest.update(Files.readAllBytes(file));
                }
            }
        }
    }
}
