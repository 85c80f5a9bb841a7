package dev.selvage.cli.internal;

import dev.selvage.cli.internal.local.Beside;
import dev.selvage.cli.internal.local.LocalLedger;
import dev.selvage.cli.internal.local.LocalNetwork;
import dev.selvage.cli.internal.process.ProcessRecord;
import dev.selvage.model.CanonicalJson;
import java.time.Duration;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "network",
        description = "The ledger on this machine.",
        subcommands = {
            NetworkCommand.Up.class,
            NetworkCommand.Prepare.class,
            NetworkCommand.Down.class,
            NetworkStatus.class,
            NetworkLogs.class,
            NetworkImport.class,
            ChaincodeCommand.class
        })
final class NetworkCommand extends GroupCommand {
    static LocalNetwork network(Session session) {
        return new LocalNetwork(session.data(), session.distribution(), session::progress);
    }

    private static String peers(LocalLedger ledger) {
        return ledger.organisations().stream()
                .map(organisation -> "  " + organisation.msp() + "  "
                        + ledger.access(organisation).endpoints().stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(", "))
                        + "  " + organisation.mspFolder())
                .collect(Collectors.joining("\n"));
    }

    @Command(
            name = "up",
            description =
                    "Start the ledger with its contracts and register the nodes. For trying out, not for production.")
    static final class Up extends BaseCommand {
        @Mixin
        private NetworkOptions options;

        @Option(
                names = "--reset",
                description = {
                    "Stop everything and begin with an empty ledger and empty nodes.",
                    "Forgets which ledger it was and how many organisations; the ports stay."
                })
        private boolean reset;

        @Override
        int run(Session session) {
            var network = network(session);
            var wish = options.wish(session);
            long start = System.nanoTime();
            if (reset) {
                network.reset(wish);
            }
            var ledger = network.up(wish, Beside.NOTHING);
            var millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
            var profile = session.data().profile();
            var answer = CanonicalJson.object()
                    .put("millis", millis)
                    .put("kind", network.kind())
                    .put("profile", profile.toString());
            var peers = answer.putObject("peers");
            ledger.organisations()
                    .forEach(organisation -> peers.put(
                            organisation.msp(),
                            ledger.access(organisation).endpoint().toString()));
            session.answer(
                    answer,
                    () -> network.kind() + ", "
                            + Words.count(ledger.organisations().size(), "organisation")
                            + " on this machine (for trying out, not for production)   ready in " + Times.span(millis)
                            + "\n" + peers(ledger) + "\nYour profile: " + profile + " (User1@"
                            + ledger.organisations().get(0).msp()
                            + "); others beside it. Stop: selvage network down");
            return ExitStatus.DONE;
        }
    }

    @Command(
            name = "prepare",
            description = "Make keys and configuration of a network and start nothing: scripts/fabric takes the steps.")
    static final class Prepare extends BaseCommand {
        @Mixin
        private NetworkOptions options;

        @Override
        int run(Session session) {
            var network = network(session);
            var ledger = network.prepare(options.wish(session));
            var folder = session.data().ledger();
            session.answer(
                    CanonicalJson.object().put("kind", network.kind()).put("folder", folder.toString()),
                    () -> network.kind() + " is prepared in " + folder + ", nothing was started:\n" + peers(ledger));
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
}
