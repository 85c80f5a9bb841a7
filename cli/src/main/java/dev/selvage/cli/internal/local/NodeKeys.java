package dev.selvage.cli.internal.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Registration of nodes by an organisation's admin. */
public final class NodeKeys {
    private static final int LARGEST = 64 * 1024;

    private NodeKeys() {}

    /**
     * Registers a node's key.
     *
     * @param contract of an admin of the node's organisation
     * @param certificate the node's signing certificate, PEM
     */
    public static void register(ContractClient contract, String node, Path certificate) {
        try {
            if (Files.size(certificate) > LARGEST) {
                throw new SelvageException(ErrorCode.IDENTITY_INVALID, certificate + " is no certificate.");
            }
            var registration = new ContractApi.NodeRegistration(node, Files.readString(certificate));
            contract.submit(ContractApi.REGISTER_NODE, registration, JsonNode.class);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, certificate + " cannot be read.", e);
        }
    }
}
