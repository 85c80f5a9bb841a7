package dev.selvage.cli.internal;

import dev.selvage.agent.audit.AuditApi;
import dev.selvage.agent.audit.AuditApi.KitView;
import dev.selvage.agent.control.ControlApi;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "anchors",
        description = "List the anchored versions that a node can prove, with what hashed each and why.")
final class DataAnchors extends BaseCommand {
    @Mixin
    private DataCommand.OwnNode node;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Only of this data set of the node.")
    private String name;

    @Override
    int run(Session session) {
        var kits = node
                .ask(session, control -> control.askList(AuditApi.KITS, new ControlApi.Nothing(), KitView.class))
                .stream()
                .filter(kit -> name == null || kit.local().equals(name))
                .toList();
        session.answer(kits, () -> text(kits));
        return ExitStatus.DONE;
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
