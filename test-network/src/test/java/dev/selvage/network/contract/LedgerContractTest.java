package dev.selvage.network.contract;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What clients and chaincodes may rely on, whichever ledger is underneath: unchanged fabric-gateway clients against an unchanged asset
 * chaincode in a process of its own. The rules lie in the interfaces, by topic; both the embedded ledger and real Fabric must pass.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
public abstract class LedgerContractTest
        implements TransactionRules,
                EdgeRules,
                ReadRules,
                EventRules,
                BlockRules,
                PolicyRules,
                IdentityRules,
                PeerCommandRules,
                DurabilityRules {
    private LedgerUnderTest ledger;
    private TestClient ewr;

    /** Starts the ledger with the asset chaincode deployed under the names of {@link LedgerUnderTest.Deployment}. */
    protected abstract LedgerUnderTest open(Path folder) throws Exception;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        ledger = open(folder);
        ewr = TestClient.connect(ledger, "EwrMSP", "User1");
    }

    @AfterAll
    void stop() {
        if (ewr != null) {
            ewr.close();
        }
        if (ledger != null) {
            ledger.close();
        }
    }

    @Override
    public LedgerUnderTest ledger() {
        return ledger;
    }

    @Override
    public TestClient ewr() {
        return ewr;
    }
}
