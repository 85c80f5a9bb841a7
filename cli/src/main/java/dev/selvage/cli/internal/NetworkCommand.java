package dev.selvage.cli.internal;

import dev.selvage.cli.internal.local.LocalNetwork;
import dev.selvage.cli.internal.process.ProcessRecord;
import dev.selvage.model.CanonicalJson;
import dev.selvage.network.LedgerStatus;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.SignaturePolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "network",
        description = "The ledger on this machine.",
        subcommands = {
            NetworkCommand.Up.class,
            NetworkCommand.Down.class,
            NetworkCommand.Status.class,
            NetworkCommand.Chaincode.class
        })
final class NetworkCommand extends GroupCommand {
    static LocalNetwork network(Session session) {
        return new LocalNetwork(session.data(), session.distribution(), session::progress);
    }

    @Command(
            name = "up",
            description =
                    "Start the ledger with its contract and register the nodes. For trying out, not for production.")
    static final class Up extends BaseCommand {
        @Option(
                names = "--port-shift",
                paramLabel = "N",
                description = "Add N to every port, so that several networks fit on a machine.")
        private Integer shift;

        @Option(
                names = "--fabric",
                paramLabel = "DIR",
                description =
                        "Run Hyperledger Fabric, whose binaries are in DIR or DIR/bin, instead of the embedded ledger.")
        private Path fabric;

        @Option(names = "--reset", description = "Stop everything and begin with an empty ledger and empty nodes.")
        private boolean reset;

        @Override
        int run(Session session) {
            var network = network(session);
            long start = System.nanoTime();
            if (reset) {
                network.reset();
            }
            var ledger = network.up(shift, fabric);
            var millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
            var profile = session.data().profile();
            var answer = CanonicalJson.object().put("millis", millis).put("profile", profile.toString());
            var peers = answer.putObject("peers");
            for (int i = 0; i < ledger.organisations().size(); i++) {
                peers.put(
                        ledger.organisations().get(i).msp(),
                        network.ports().peer(i).toString());
            }
            session.answer(
                    answer,
                    () -> network.kind()
                            + ", three organisations on this machine (for trying out, not for production)   ready in "
                            + Times.span(millis) + "\n"
                            + ledger.organisations().stream()
                                    .map(organisation -> "  " + organisation.msp() + "  "
                                            + network.ports()
                                                    .peer(ledger.organisations().indexOf(organisation))
                                            + "  " + organisation.mspFolder())
                                    .collect(Collectors.joining("\n"))
                            + "\nYour profile: " + profile + " (User1@"
                            + ledger.organisations().get(0).msp()
                            + "); others beside it. Stop: selvage network down");
            return ExitStatus.DONE;
        }
    }

    @Command(name = "down", description = "Stop the ledger, its chaincodes, the nodes and their engines.")
    static final class Down extends BaseCommand {
        @Override
        int run(Session session) {
            var stopped = network(session).down();
            session.answer(
                    stopped.stream().map(ProcessRecord::name).toList(),
                    () -> stopped.isEmpty()
                            ? "Nothing was running."
                            : "Stopped: "
                                    + stopped.stream().map(ProcessRecord::name).collect(Collectors.joining(", ")));
            return ExitStatus.DONE;
        }
    }

    @Command(name = "status", description = "Say which processes run and how the ledger is.")
    static final class Status extends BaseCommand {
        @Override
        int run(Session session) {
            var network = network(session);
            var processes = network.processes().running();
            var ledger = network.ledgerStatus();
            var answer = CanonicalJson.object();
            answer.set("processes", CanonicalJson.tree(processes));
            ledger.ifPresent(status -> answer.set("ledger", CanonicalJson.tree(status)));
            session.answer(answer, () -> text(processes, ledger));
            return ledger.isPresent() ? ExitStatus.DONE : ExitStatus.FAILED;
        }

        private static String text(List<ProcessRecord> processes, Optional<LedgerStatus> ledger) {
            if (processes.isEmpty()) {
                return "Nothing runs here. Start: selvage network up";
            }
            var table = new TextTable("PROCESS", "PID", "PORTS");
            processes.forEach(process -> table.row(
                    process.name(),
                    process.pid(),
                    process.ports().stream().map(String::valueOf).collect(Collectors.joining(", "))));
            return table + "\n" + ledger.map(Status::text).orElse("The ledger does not answer.");
        }

        private static String text(LedgerStatus status) {
            var table = new TextTable("CHAINCODE", "VERSION", "ADDRESS", "CONNECTED", "POLICY");
            status.chaincodes()
                    .forEach(chaincode -> table.row(
                            chaincode.name(),
                            chaincode.version(),
                            chaincode.address(),
                            chaincode.connected() ? "yes" : "no",
                            chaincode.policy()));
            return "Channel " + status.channel() + ", " + status.height() + " blocks\n\n" + table;
        }
    }

    @Command(name = "chaincode", description = "Chaincodes on the embedded ledger.", subcommands = ChaincodeAdd.class)
    static final class Chaincode extends GroupCommand {}

    @Command(
            name = "add",
            description = "Put a chaincode that runs as a service on the channel, or change its address or policy.")
    static final class ChaincodeAdd extends BaseCommand {
        @Parameters(index = "0", paramLabel = "NAME", description = "As clients will call it.")
        private String name;

        @Parameters(index = "1", paramLabel = "HOST:PORT", description = "Where its server listens.")
        private String address;

        @Option(
                names = "--policy",
                paramLabel = "EXPR",
                description = "Who must endorse, such as AND('EwrMSP.peer', 'JfkMSP.peer') (default: a majority).")
        private String policy;

        @Option(names = "--version", paramLabel = "TEXT", defaultValue = "1.0", description = "Shown by queries.")
        private String version;

        @Override
        int run(Session session) {
            var network = network(session);
            var server = HostPort.parse(address);
            var ledger = network.ledger();
            var organisations = ledger.organisations();
            var msps = organisations.stream().map(Organisation::msp).toList();
            var wanted = policy == null ? SignaturePolicy.majority(msps) : SignaturePolicy.parse(policy);
            try (var admin = ledger.admin()) {
                var definition = admin.addChaincode(
                        name, version, server, wanted, organisations.get(0).signer("Admin"));
                session.answer(
                        CanonicalJson.object()
                                .put("name", definition.name())
                                .put("version", definition.version())
                                .put("sequence", definition.sequence())
                                .put("address", definition.address().toString())
                                .put("policy", definition.policy().toString()),
                        () -> "Chaincode " + definition.name() + " " + definition.version() + " (definition "
                                + definition.sequence() + ") is expected at " + definition.address()
                                + ", endorsed by " + definition.policy()
                                + ". Whether it is connected: selvage network status");
            }
            return ExitStatus.DONE;
        }
    }
}
