package dev.selvage.cli.internal.local;

import dev.selvage.cli.internal.process.JavaProgram;
import dev.selvage.cli.internal.process.Launcher;
import dev.selvage.cli.internal.process.ProcessBook;
import dev.selvage.cli.internal.process.ProcessRecord;
import dev.selvage.model.SelvageException;
import dev.selvage.network.LedgerAdmin;
import dev.selvage.network.LedgerStatus;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.SignaturePolicy;
import dev.selvage.network.process.Ports;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The embedded ledger as a process, and a process for each chaincode, which serves all organisations. */
final class LocalEmbedded implements LedgerBackend {
    static final String LEDGER = "ledger";

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final int LEDGER_MEGABYTES = 256;

    private final DataFolder data;
    private final NetworkSettings settings;
    private final Distribution distribution;
    private final ProcessBook book;
    private final Launcher launcher;
    private final ChaincodeProcesses processes;
    private final Consumer<String> progress;

    LocalEmbedded(
            DataFolder data,
            NetworkSettings settings,
            Distribution distribution,
            ProcessBook book,
            Launcher launcher,
            Consumer<String> progress) {
        this.data = data;
        this.settings = settings;
        this.distribution = distribution;
        this.book = book;
        this.launcher = launcher;
        this.processes = new ChaincodeProcesses(distribution, book, launcher);
        this.progress = progress;
    }

    @Override
    public String kind() {
        return "Embedded ledger";
    }

    @Override
    public void prepare() {
        LocalLedger.make(data);
    }

    @Override
    public Map<Integer, String> ports() {
        var wanted = ledgerPorts();
        distribution
                .chaincodes()
                .forEach(chaincode ->
                        wanted.put(settings.ports().chaincode(chaincode.place()).port(), process(chaincode)));
        return wanted;
    }

    private Map<Integer, String> ledgerPorts() {
        Map<Integer, String> wanted = new LinkedHashMap<>();
        for (int i = 0; i < settings.organisations(); i++) {
            wanted.put(settings.ports().peer(i).port(), "an organisation's peer");
        }
        wanted.put(settings.ports().orderer().port(), "the ordering service");
        return wanted;
    }

    @Override
    public void up(Runnable meanwhile) {
        var started = startLedger();
        var chaincodes = distribution.chaincodes();
        chaincodes.forEach(this::start);
        meanwhile.run();
        started.ifPresent(this::await);
        chaincodes.forEach(this::define);
    }

    @Override
    public void add(ServedChaincode chaincode) {
        start(chaincode);
        define(chaincode);
    }

    /** Starts the ledger's process; empty when it runs and answers already. */
    private Optional<Process> startLedger() {
        if (status().isPresent()) {
            return Optional.empty();
        }
        book.stop(LEDGER, GRACE);
        progress.accept("starting the embedded ledger and its chaincodes");
        return Optional.of(launcher.start(new JavaProgram(
                LEDGER,
                ProcessRecord.Kind.LEDGER,
                distribution.library(),
                LedgerMain.class.getName(),
                List.of(data.root().toString()),
                Map.of(),
                Map.of(),
                LEDGER_MEGABYTES,
                LEDGER,
                List.copyOf(ledgerPorts().keySet()))));
    }

    private void await(Process process) {
        Waiting.until(
                () -> Ports.answers(settings.ports().peer(0).port()) && status().isPresent(),
                () -> process.isAlive() ? null : launcher.ended(LEDGER),
                START,
                () -> Waiting.late("The embedded ledger", START, launcher.log(LEDGER)));
    }

    private void start(ServedChaincode chaincode) {
        processes.start(
                process(chaincode), chaincode, settings.ports().chaincode(chaincode.place()), chaincode.name(), null);
    }

    private void define(ServedChaincode chaincode) {
        var ledger = LocalLedger.open(data);
        var organisations = ledger.organisations();
        var address = settings.ports().chaincode(chaincode.place());
        var process = process(chaincode);
        try (var admin = ledger.admin()) {
            admin.addChaincode(
                    chaincode.name(),
                    distribution.build().getProperty("version", "1"),
                    new HostPort(address.host(), address.port()),
                    SignaturePolicy.majority(
                            organisations.stream().map(Organisation::msp).toList()),
                    organisations.get(0).signer(LocalLedger.ADMIN));
            Waiting.until(
                    () -> connected(admin, chaincode.name()),
                    () -> book.running(process).isPresent() ? null : launcher.ended(process),
                    START,
                    () -> Waiting.late("The chaincode " + chaincode.name(), START, launcher.log(process)));
        }
    }

    private static boolean connected(LedgerAdmin admin, String name) {
        return admin.status().chaincodes().stream()
                .anyMatch(chaincode -> chaincode.name().equals(name) && chaincode.connected());
    }

    private static String process(ServedChaincode chaincode) {
        return "chaincode-" + chaincode.name();
    }

    @Override
    public Optional<LedgerStatus> status() {
        if (book.running(LEDGER).isEmpty()) {
            return Optional.empty();
        }
        try (var admin = LocalLedger.open(data).admin()) {
            return Optional.of(admin.status());
        } catch (SelvageException silent) {
            return Optional.empty();
        }
    }

    @Override
    public boolean settlesSlowly() {
        return false;
    }
}
