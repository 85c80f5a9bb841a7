package dev.selvage.cli.internal.local;

import dev.selvage.cli.internal.process.LogKeeper;
import dev.selvage.model.SelvageException;
import dev.selvage.network.EmbeddedLedger;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The embedded ledger as a process: {@code LedgerMain DATA}. It also keeps the logs of the network within their bound. */
public final class LedgerMain {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerMain.class);

    private LedgerMain() {}

    /** Serves until the process is asked to end. */
    public static void main(String[] args) throws InterruptedException {
        var data = new DataFolder(Path.of(args[0]));
        EmbeddedLedger ledger;
        try {
            ledger = EmbeddedLedger.open(LocalLedger.config(data, NetworkSettings.read(data)));
        } catch (SelvageException e) {
            LOG.error("{}", e.getMessage());
            System.exit(1);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(ledger::close, "ledger-stop"));
        LogKeeper.start(List.of(data.logs()));
        LOG.info(
                "channel {} is served on {}, {} blocks",
                ledger.channel(),
                ledger.endpoints().peers(),
                ledger.height());
        new CountDownLatch(1).await();
    }
}
