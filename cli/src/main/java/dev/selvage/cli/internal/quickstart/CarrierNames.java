package dev.selvage.cli.internal.quickstart;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.cli.internal.local.LocalLedger;
import dev.selvage.cli.internal.local.LocalNetwork;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The chaincode of the example nyc-delays-named: on the channel, and filled once by a user of an organisation. */
final class CarrierNames {
    private static final String CHAINCODE = "reference";
    private static final String PUT = "PutCarriers";
    private static final String GET = "GetCarriers";

    private final Path table;
    private final LocalNetwork network;

    /** @param table CSV with the header {@code carrier,name} */
    CarrierNames(Path table, LocalNetwork network) {
        this.table = table;
        this.network = network;
    }

    /** Starts the chaincode and writes the names, unless that was done before. */
    void prepare(LocalLedger ledger) {
        network.addReference();
        var owner = ledger.organisations().get(0);
        try (var user = ContractClient.open(ledger.profile("user", owner, LocalLedger.USER))) {
            if (CanonicalJson.parse(user.evaluate(CHAINCODE, GET)).isEmpty()) {
                user.submit(CHAINCODE, PUT, Files.readString(table));
            }
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.FILE_UNREADABLE, table + " cannot be read: " + e.getMessage() + ".", e);
        }
    }
}
