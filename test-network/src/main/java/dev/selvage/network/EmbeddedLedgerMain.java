package dev.selvage.network;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.OrganisationsPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/**
 * An embedded ledger as a process of its own: prints one line, {@code READY {...}}, to stdout once it serves, and stops cleanly on
 * SIGTERM. Ends with 1 where a new start may help, with 2 where it will not.
 */
public final class EmbeddedLedgerMain {
    private static final String USAGE = """
            usage: EmbeddedLedgerMain --data DIR [options]
              --data DIR            folder for the ledger and the organisations' keys
              --organisations N     how many organisations to make on first start (3)
              --channel NAME        (selvage)
              --ports P,P,...       one for each organisation's peer, 0 for any free port (7051,8051,9051)
              --orderer-port P      (7050)
              --batch-timeout MS    how long a block waits for more transactions (20)
              --batch-size N        most transactions in a block (500)
            """;

    private EmbeddedLedgerMain() {}

    public static void main(String[] args) throws InterruptedException {
        EmbeddedLedger ledger;
        try {
            ledger = EmbeddedLedger.open(config(args));
        } catch (SelvageException e) {
            System.err.println(e.getMessage());
            System.err.println("  " + e.code().nextStep());
            if (e.code() == ErrorCode.USAGE) {
                System.err.print(USAGE);
            }
            System.exit(e.code().retryable() ? 1 : 2);
            return;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            ledger.close();
                            stopped.countDown();
                        },
                        "ledger-stop"));
        System.err.println("An embedded ledger is for one machine: all organisations' peers run in this process.");
        System.out.println("READY " + ready(ledger));
        stopped.await();
    }

    /** Reads the command line. */
    static EmbeddedLedgerConfig config(String... args) {
        Map<String, String> options = options(args);
        String data = options.remove("--data");
        if (data == null) {
            throw usage("--data is missing");
        }
        OrganisationsPlan plan = OrganisationsPlan.of(number(options, "--organisations", 3));
        EmbeddedLedgerConfig config = EmbeddedLedgerConfig.of(Path.of(data), plan);
        config = config.withChannel(options.getOrDefault("--channel", config.channel()));
        options.remove("--channel");
        List<Integer> ports = options.containsKey("--ports")
                ? Arrays.stream(options.remove("--ports").split(","))
                        .map(EmbeddedLedgerMain::parse)
                        .toList()
                : config.peerPorts();
        config = config.withPorts(ports, number(options, "--orderer-port", config.ordererPort()));
        config = config.withBatches(
                Duration.ofMillis(number(
                        options, "--batch-timeout", (int) config.batchTimeout().toMillis())),
                number(options, "--batch-size", config.batchTransactions()));
        if (!options.isEmpty()) {
            throw usage("unknown option " + options.keySet().iterator().next());
        }
        return config;
    }

    private static Map<String, String> options(String... args) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw usage(args[i] + " lacks its value");
            }
            options.put(args[i], args[i + 1]);
        }
        return options;
    }

    private static int number(Map<String, String> options, String name, int otherwise) {
        String text = options.remove(name);
        return text == null ? otherwise : parse(text);
    }

    private static int parse(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw usage("\"" + text + "\" is not a number");
        }
    }

    private static SelvageException usage(String sentence) {
        return new SelvageException(ErrorCode.USAGE, sentence);
    }

    private static String ready(EmbeddedLedger ledger) {
        Map<String, String> peers = new TreeMap<>();
        ledger.endpoints().peers().forEach((msp, address) -> peers.put(msp, address.toString()));
        return CanonicalJson.text(CanonicalJson.tree(Map.of(
                "channel", ledger.channel(),
                "height", ledger.height(),
                "organizations", ledger.organisations().root().toString(),
                "peers", Collections.unmodifiableMap(peers),
                "pid", ProcessHandle.current().pid())));
    }
}
