package dev.selvage.cli.internal;

import dev.selvage.agent.audit.AuditApi;
import dev.selvage.agent.audit.AuditApi.HoldReport;
import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Names;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.DataName;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataFacts;
import dev.selvage.model.integrity.MetadataFacts.Prover;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Nodes that hold data for its owner and prove for it. */
final class DataHolders {
    private DataHolders() {}

    @Command(name = "provers", description = "Say which other nodes may prove that they hold a data set of yours.")
    static final class Provers extends BaseCommand {
        @Mixin
        private DataCommand.OwnNode node;

        @Parameters(index = "0", paramLabel = "NAME", description = "The anchored data set.")
        private String name;

        @Parameters(
                index = "1..*",
                paramLabel = "MSP[/NODE]",
                description = "Nodes, or whole organisations; they replace those named before.")
        private List<String> provers = List.of();

        @Override
        int run(Session session) {
            var config = node.config(session);
            try (var contract = ContractClient.open(Nodes.owner(session, config))) {
                var known = contract.all(ContractApi.LIST_NODES, page -> page, ContractApi.NodeView.class);
                var named = provers.stream()
                        .flatMap(prover -> named(prover, known).stream())
                        .toList();
                var fact = CanonicalJson.read(
                        contract.submit(
                                MetadataApi.CHAINCODE,
                                MetadataApi.NAME_PROVERS,
                                CanonicalJson.text(new MetadataApi.NewProvers(name, named))),
                        MetadataFacts.DataFact.class);
                session.answer(fact, () -> text(fact));
            }
            return ExitStatus.DONE;
        }

        /** A node is named with each key by which it signs. */
        private static List<Prover> named(String prover, List<ContractApi.NodeView> known) {
            if (prover.indexOf('/') < 0) {
                return List.of(new Prover(Names.component("The MSP", prover), null, null));
            }
            var node = NodeId.parse(prover);
            var keys = known.stream()
                    .filter(view -> view.node().equals(node))
                    .flatMap(view -> view.keys().stream())
                    .map(key -> new Prover(node.msp(), node.node(), key))
                    .toList();
            if (keys.isEmpty()) {
                throw new SelvageException(ErrorCode.NODE_UNKNOWN, "No node " + node + " is registered with a key.");
            }
            return keys;
        }

        private static String text(MetadataFacts.DataFact fact) {
            return fact.provers().isEmpty()
                    ? "Only nodes of " + fact.data().owner() + " may prove " + fact.data() + "."
                    : "Beside " + fact.data().owner() + " may prove " + fact.data() + ": "
                            + fact.provers().stream().map(Prover::toString).collect(Collectors.joining(", "));
        }
    }

    @Command(name = "hold", description = "Let a node prove for another owner that it holds the owner's data.")
    static final class Hold extends BaseCommand {
        @Mixin
        private DataCommand.OwnNode node;

        @Parameters(index = "0", paramLabel = "LOCAL", description = "The node's data set that has the bytes.")
        private String local;

        @Parameters(index = "1", paramLabel = "NAME", description = "The owner's name of it.")
        private String name;

        @Option(names = "--of", required = true, paramLabel = "ORG", description = "Whose data it is, such as JfkMSP.")
        private String owner;

        @Mixin
        private HashOptions hashing;

        @Override
        int run(Session session) {
            var report = node.ask(session, control -> {
                var order = new AuditApi.HoldOrder(new DataName(owner, name), local, hashing.wish(null));
                var begun = control.ask(AuditApi.HOLD, order, AuditApi.JobView.class);
                return new NodeJobs(session).await(control, begun, HoldReport.class);
            });
            session.answer(
                    report,
                    () -> local + " is " + report.data() + " version " + report.version()
                            + "; this node can prove it. The owner allows it: selvage data provers " + name
                            + " MSP/NODE");
            return ExitStatus.DONE;
        }
    }
}
