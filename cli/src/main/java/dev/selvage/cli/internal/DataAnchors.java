package dev.selvage.cli.internal;

import dev.selvage.agent.audit.AuditApi;
import dev.selvage.agent.audit.AuditApi.KitView;
import dev.selvage.agent.control.ControlApi;
import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.DataName;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataFacts.AnchorFact;
import dev.selvage.model.integrity.MetadataFacts.DataFact;
import dev.selvage.model.integrity.MetadataKeys;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "anchors",
        description =
                "List the anchored versions that a node can prove, with what hashed each and why; or with --of what"
                        + " stands on the ledger of a data set.")
final class DataAnchors extends BaseCommand {
    @Mixin
    private DataCommand.OwnNode node;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Only of this data set.")
    private String name;

    @Option(
            names = "--of",
            paramLabel = "ORG",
            description = "The owner: all versions on the ledger, and their history.")
    private String owner;

    @Override
    int run(Session session) {
        if (owner != null) {
            return onLedger(session);
        }
        var kits = node
                .ask(session, control -> control.askList(AuditApi.KITS, new ControlApi.Nothing(), KitView.class))
                .stream()
                .filter(kit -> name == null || kit.local().equals(name))
                .toList();
        session.answer(kits, () -> text(kits));
        return ExitStatus.DONE;
    }

    private int onLedger(Session session) {
        if (name == null) {
            throw new SelvageException(ErrorCode.USAGE, "--of goes with a NAME. See: selvage data anchors --help");
        }
        var data = new DataName(owner, name);
        try (var contract = ContractClient.open(session.profile())) {
            var metadata = new MetadataClient(contract);
            var versions = metadata.all(
                    MetadataApi.LIST_ANCHORS, page -> new MetadataApi.DataQuery(data, page), AnchorFact.class);
            var history = metadata.history(MetadataKeys.data(data));
            var answer = CanonicalJson.object();
            answer.set("anchors", CanonicalJson.tree(versions));
            answer.set("history", CanonicalJson.tree(history));
            session.answer(answer, () -> text(versions, history));
        }
        return ExitStatus.DONE;
    }

    private static String text(List<AnchorFact> versions, List<ContractApi.Change> history) {
        if (versions.isEmpty()) {
            return "Nothing is anchored under that name.";
        }
        var table = new TextTable("VERSION", "MODE", "BLOCKS", "OF", "ROOT", "ANCHORED", "BY", "EXPIRES");
        versions.forEach(fact -> table.row(
                fact.version(),
                fact.mode(),
                fact.leaves(),
                ByteCount.text(fact.blockSize()),
                fact.root().shortForm(),
                Times.clock(fact.at()),
                fact.by(),
                fact.expires() == null ? "never" : Times.clock(fact.expires())));
        var changes = new TextTable("CHANGED", "VERSION", "PROVERS", "BY", "TRANSACTION");
        for (var change : history) {
            var fact = CanonicalJson.bind(change.value(), DataFact.class);
            changes.row(
                    Times.clock(change.at()),
                    fact.version(),
                    fact.provers().isEmpty()
                            ? fact.data().owner()
                            : fact.data().owner() + ", "
                                    + fact.provers().stream()
                                            .map(Object::toString)
                                            .collect(Collectors.joining(", ")),
                    fact.by(),
                    Tasks.shortId(change.txid()));
        }
        return table + "\n" + changes;
    }

    private static String text(List<KitView> kits) {
        var table = new TextTable("DATA", "HERE", "VERSION", "MODE", "BLOCKS", "OF", "HASHED BY");
        kits.forEach(kit -> table.row(
                kit.data(),
                kit.local(),
                kit.version(),
                kit.mode(),
                kit.blocks(),
                ByteCount.text(kit.blockSize()),
                HashOptions.text(kit.hashing())));
        return table.isEmpty() ? "The node has anchored nothing and holds nothing for others." : table.toString();
    }
}
