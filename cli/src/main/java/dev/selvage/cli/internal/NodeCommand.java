package dev.selvage.cli.internal;

import dev.selvage.agent.control.ControlApi;
import dev.selvage.agent.control.ControlClient;
import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.cli.internal.local.LocalNetwork;
import dev.selvage.cli.internal.local.NodeKeys;
import dev.selvage.cli.internal.local.NodeLink;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.NodeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "node",
        description = "Nodes: the daemons that carry out sub-tasks.",
        subcommands = {
            NodeCommand.Start.class,
            NodeRun.class,
            NodeCommand.Stop.class,
            NodeCommand.Status.class,
            NodeCommand.Reload.class,
            NodeCommand.Register.class,
            NodeCommand.ListAll.class
        })
final class NodeCommand extends GroupCommand {
    private static final Duration GRACE = Duration.ofSeconds(10);

    @Command(name = "start", description = "Start a node's daemon and wait until it has caught up with the ledger.")
    static final class Start extends BaseCommand {
        @Mixin
        private NodeChoice choice;

        @Option(
                names = "--engine-jar",
                paramLabel = "FILE",
                description = "A jar with engines in Java, for the node's class path; repeat for several.")
        private List<Path> jars = List.of();

        @Override
        int run(Session session) throws InterruptedException {
            var config = choice.config(session);
            var network = NetworkCommand.network(session);
            boolean started = network.startNode(
                    config, jars.stream().map(Path::toAbsolutePath).toList());
            network.awaitNode(config);
            var owner = Nodes.owner(session, config);
            String monitor;
            try (var control = NodeLink.open(config, owner)) {
                network.awaitCaughtUp(config, control);
                OffersTold.await(session, owner, config.node(), engines(control, ControlApi.ENGINES));
                monitor = status(control).monitor();
            }
            session.answer(
                    CanonicalJson.object()
                            .put("node", config.node().toString())
                            .put("started", started)
                            .put("listen", config.listen().toString())
                            .put("monitor", monitor),
                    () -> config.node() + (started ? " started" : " was running") + ", listens on " + config.listen()
                            + " (log: " + network.launcher().log(LocalNetwork.nodeProcess(config.node())) + ")"
                            + monitored(monitor));
            return ExitStatus.DONE;
        }
    }

    @Command(name = "stop", description = "Stop a node's daemon; what runs is taken up again by the next start.")
    static final class Stop extends BaseCommand {
        @Mixin
        private NodeChoice choice;

        @Override
        int run(Session session) {
            var config = choice.config(session);
            boolean stopped =
                    NetworkCommand.network(session).processes().stop(LocalNetwork.nodeProcess(config.node()), GRACE);
            session.answer(
                    CanonicalJson.object().put("node", config.node().toString()).put("stopped", stopped),
                    () -> config.node() + (stopped ? " stopped" : " was not running"));
            return ExitStatus.DONE;
        }
    }

    @Command(name = "status", description = "Say how a node of this machine is and which engines it has.")
    static final class Status extends BaseCommand {
        @Mixin
        private NodeChoice choice;

        @Override
        int run(Session session) {
            var config = choice.config(session);
            try (var control = NodeLink.open(config, Nodes.owner(session, config))) {
                var status = status(control);
                var engines = engines(control, ControlApi.ENGINES);
                var answer = CanonicalJson.object();
                answer.set("node", CanonicalJson.tree(status));
                answer.set("engines", CanonicalJson.tree(engines));
                session.answer(answer, () -> state(config, status) + "\n\n" + text(engines));
            }
            return ExitStatus.DONE;
        }

        private static String state(NodeConfig config, ControlApi.NodeStatus status) {
            return status.node() + "  " + (status.caughtUp() ? "has caught up with" : "reads") + " the ledger, block "
                    + status.block() + ", listens on " + config.listen() + "\n"
                    + status.running() + " running, " + status.waiting() + " waiting, " + status.publishing()
                    + " results on their way" + (status.draining() ? ", draining" : "")
                    + (status.trouble().isEmpty() ? "" : "\n" + status.trouble())
                    + status.warnings().stream().map(warning -> "\n" + warning).collect(Collectors.joining())
                    + monitored(status.monitor());
        }
    }

    @Command(name = "reload", description = "Load a node's engine files anew; if one is wrong, nothing changes.")
    static final class Reload extends BaseCommand {
        @Mixin
        private NodeChoice choice;

        @Override
        int run(Session session) throws InterruptedException {
            var config = choice.config(session);
            var owner = Nodes.owner(session, config);
            try (var control = NodeLink.open(config, owner)) {
                var engines = engines(control, ControlApi.RELOAD);
                OffersTold.await(session, owner, config.node(), engines);
                session.answer(engines, () -> text(engines));
            }
            return ExitStatus.DONE;
        }
    }

    private static ControlApi.NodeStatus status(ControlClient control) {
        return control.ask(ControlApi.STATUS, new ControlApi.Nothing(), ControlApi.NodeStatus.class);
    }

    private static String monitored(String address) {
        return address.isEmpty() ? "" : "\nMetrics and health: " + address + "/metrics, /healthz, /readyz";
    }

    static List<ControlApi.EngineView> engines(ControlClient control, String function) {
        return control.askList(function, new ControlApi.Nothing(), ControlApi.EngineView.class);
    }

    static String text(List<ControlApi.EngineView> engines) {
        var table = new TextTable("ENGINE", "VERSION", "RUNS", "OPERATIONS");
        engines.forEach(engine -> table.row(
                engine.engine(),
                engine.version(),
                engine.runs(),
                engine.operations().stream()
                        .map(ControlApi.OfferView::operation)
                        .collect(Collectors.joining(", "))));
        return table.toString();
    }

    @Command(name = "register", description = "Register a node's key; by an admin of its organisation (--profile).")
    static final class Register extends ContractCommand {
        @Parameters(paramLabel = "NAME", description = "The node's name within the organisation, such as node2.")
        private String name;

        @Option(
                names = "--certificate",
                required = true,
                paramLabel = "FILE",
                description = "The node's signing certificate, PEM.")
        private Path certificate;

        @Override
        int run(Session session, ContractClient contract) {
            NodeKeys.register(contract, name, certificate);
            var node = new NodeId(contract.profile().msp(), name);
            session.answer(CanonicalJson.object().put("node", node.toString()), () -> node + " is registered.");
            return ExitStatus.DONE;
        }
    }

    @Command(name = "list", description = "List registered nodes and what they say of themselves.")
    static final class ListAll extends ContractCommand {
        @Override
        int run(Session session, ContractClient contract) {
            var tasks = new Tasks(contract);
            var nodes = tasks.nodes();
            session.answer(nodes, () -> text(nodes, new LastSeen(tasks, nodes)));
            return ExitStatus.DONE;
        }

        private static String text(List<ContractApi.NodeView> nodes, LastSeen lastSeen) {
            var table = new TextTable("NODE", "KEYS", "ENDPOINT", "LAST SEEN", "OPERATIONS");
            nodes.forEach(node -> table.row(
                    node.node(),
                    node.keys().size()
                            + (node.revoked().isEmpty()
                                    ? ""
                                    : " (" + node.revoked().size() + " revoked)"),
                    node.info() == null ? "never seen" : node.info().endpoint(),
                    lastSeen.of(node.node()).map(Times::clock).orElse(""),
                    node.info() == null
                            ? ""
                            : String.join(", ", node.info().operations().keySet())));
            return table.isEmpty() ? "No nodes are registered." : table.toString();
        }
    }

    /** Which node's configuration a command means. */
    static final class NodeChoice {
        @Parameters(
                arity = "0..1",
                paramLabel = "MSP/NODE",
                description = "A node of this machine that the profile knows.")
        private String node;

        @Option(names = "--config", paramLabel = "FILE", description = "The node's configuration file.")
        private Path file;

        NodeConfig config(Session session) {
            return Nodes.config(session, node, file);
        }
    }
}
