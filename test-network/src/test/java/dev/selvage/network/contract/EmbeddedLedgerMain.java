package dev.selvage.network.contract;

import dev.selvage.network.EmbeddedLedger;
import dev.selvage.network.EmbeddedLedgerConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Runs an embedded ledger in a process of its own, so that it can be killed: folder, orderer port, peer ports. */
final class EmbeddedLedgerMain {
    private EmbeddedLedgerMain() {}

    public static void main(String[] arguments) {
        List<Integer> ports =
                Arrays.stream(arguments).skip(1).map(Integer::valueOf).toList();
        EmbeddedLedger ledger = EmbeddedLedger.open(
                EmbeddedLedgerConfig.of(Path.of(arguments[0])).withPorts(ports.subList(1, ports.size()), ports.get(0)));
        Runtime.getRuntime().addShutdownHook(new Thread(ledger::close));
        // the servers' threads are daemons
        try {
            Thread.currentThread().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
