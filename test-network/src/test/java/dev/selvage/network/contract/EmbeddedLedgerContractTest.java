package dev.selvage.network.contract;

import java.nio.file.Path;

class EmbeddedLedgerContractTest extends LedgerContractTest {
    @Override
    protected LedgerUnderTest open(Path folder) {
        return new EmbeddedLedgerUnderTest(folder);
    }
}
