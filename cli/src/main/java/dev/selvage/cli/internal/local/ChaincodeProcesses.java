package dev.selvage.cli.internal.local;

import dev.selvage.cli.internal.process.JavaProgram;
import dev.selvage.cli.internal.process.Launcher;
import dev.selvage.cli.internal.process.ProcessBook;
import dev.selvage.cli.internal.process.ProcessRecord;
import dev.selvage.formats.config.HostPort;
import dev.selvage.network.org.IdentityFiles;
import dev.selvage.network.process.Ports;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Processes of the chaincodes that come with Selvage. */
final class ChaincodeProcesses {
    private static final Duration START = Duration.ofSeconds(90);
    private static final int MEGABYTES = 128;

    private final Distribution distribution;
    private final ProcessBook book;
    private final Launcher launcher;

    ChaincodeProcesses(Distribution distribution, ProcessBook book, Launcher launcher) {
        this.distribution = distribution;
        this.book = book;
        this.launcher = launcher;
    }

    /**
     * Starts a process, unless it runs.
     *
     * @param id by which peers know the package
     * @param tls of the server, whose clients need a certificate of the same authority; null for none
     * @return whether it was started now
     */
    boolean start(String process, ServedChaincode chaincode, HostPort address, String id, IdentityFiles.TlsFiles tls) {
        if (book.running(process).isPresent()) {
            return false;
        }
        Ports.requireFree(Map.of(address.port(), process));
        List<String> arguments = new ArrayList<>(List.of("--address", address.toString(), "--id", id));
        if (tls != null) {
            arguments.addAll(List.of("--tls-cert", tls.certificate().toString()));
            arguments.addAll(List.of("--tls-key", tls.key().toString()));
            arguments.addAll(List.of("--tls-client-ca", tls.roots().toString()));
        }
        launcher.start(new JavaProgram(
                process,
                ProcessRecord.Kind.CHAINCODE,
                distribution.chaincode(chaincode.name()),
                chaincode.mainClass(),
                arguments,
                Map.of(),
                Map.of("CORE_CHAINCODE_LOGGING_LEVEL", "WARN", "CORE_CHAINCODE_LOGGING_SHIM", "WARN"),
                MEGABYTES,
                "chaincode-" + chaincode.name(),
                List.of(address.port())));
        return true;
    }

    /** Waits until a process listens. */
    void await(String process, HostPort address) {
        Waiting.until(
                () -> Ports.answers(address.port()),
                () -> book.running(process).isPresent() ? null : launcher.ended(process),
                START,
                () -> Waiting.late(process, START, launcher.log(process)));
    }
}
