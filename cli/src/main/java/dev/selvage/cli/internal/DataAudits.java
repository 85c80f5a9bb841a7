package dev.selvage.cli.internal;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditState;
import dev.selvage.model.integrity.DataName;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataApi.AuditSummary;
import dev.selvage.model.integrity.MetadataApi.AuditView;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "audits",
        description = "Show audits as they stand on the ledger: those of your organisation, of a data set, or one.")
final class DataAudits extends ContractCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "ID|NAME",
            description = "An audit's id: all its steps are shown; with --of the name of a data set.")
    private String what;

    @Option(names = "--of", paramLabel = "ORG", description = "With a NAME: whose data set; its audits by anybody.")
    private String owner;

    @Option(names = "--by", paramLabel = "ORG", description = "The audits that this organisation opened.")
    private String buyer;

    @Override
    int run(Session session, ContractClient contract) {
        if (owner == null ? what != null && buyer != null : what == null || buyer != null) {
            throw new SelvageException(
                    ErrorCode.USAGE, "Give an ID, a NAME with --of, --by, or nothing. See: selvage data audits --help");
        }
        var metadata = new MetadataClient(contract);
        if (owner == null && what != null) {
            var view = metadata.ask(MetadataApi.GET_AUDIT, new MetadataApi.AuditQuery(what), AuditView.class);
            session.answer(view, () -> text(view));
            return ExitStatus.DONE;
        }
        var data = owner == null ? null : new DataName(owner, what);
        String by = owner != null ? null : buyer == null ? contract.profile().msp() : buyer;
        var audits = metadata.all(
                MetadataApi.LIST_AUDITS, page -> new MetadataApi.AuditsQuery(data, by, page), AuditSummary.class);
        session.answer(audits, () -> table(audits));
        return ExitStatus.DONE;
    }

    private static String table(List<AuditSummary> audits) {
        var table = new TextTable("OPENED", "AUDIT", "DATA", "VERSION", "MODE", "BLOCKS", "BY", "STATE");
        audits.forEach(audit -> table.row(
                Times.clock(audit.at()),
                audit.audit(),
                audit.data(),
                audit.version(),
                audit.mode(),
                audit.count(),
                audit.buyer(),
                audit.state() + (audit.reason() == null ? "" : ": " + audit.reason())));
        return table.isEmpty() ? "There are no such audits." : table.toString();
    }

    private static String text(AuditView view) {
        var audit = view.audit();
        var table = new TextTable("TIME", "WHAT", "WHO", "HOW", "TRANSACTION");
        row(table, audit.at(), "opened", audit.buyer(), "may answer: " + provers(view), audit.txid());
        if (view.answer() != null) {
            row(
                    table,
                    view.answer().at(),
                    "answered",
                    view.answer().by(),
                    "",
                    view.answer().txid());
        }
        if (view.reveal() != null) {
            var reveal = view.reveal();
            String how = "seed " + reveal.seed().shortForm() + "..., proof by " + Times.clock(reveal.proveBy());
            row(table, reveal.at(), "revealed", reveal.by(), how, reveal.txid());
        }
        if (view.proof() != null) {
            var proof = view.proof();
            String how =
                    NodeJobs.bytes(proof.size()) + ", digest " + proof.proof().shortForm() + "...";
            row(table, proof.at(), "proof recorded", proof.by(), how, proof.txid());
        }
        if (view.end() != null) {
            var end = view.end();
            row(table, end.at(), end.state().toString(), end.by(), ending(view), end.txid());
        }
        return "audit " + audit.id() + " of " + audit.data() + " version " + audit.version() + ", " + audit.mode()
                + ", "
                + audit.count() + " blocks" + (audit.task() == null ? "" : ", for task " + audit.task()) + ": "
                + view.state() + "\n" + table;
    }

    private static String provers(AuditView view) {
        return view.audit().provers().stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private static String ending(AuditView view) {
        var end = view.end();
        List<String> words = new ArrayList<>();
        if (end.reason() != null) {
            words.add(end.reason());
        }
        if (end.state() == AuditState.ABORTED) {
            words.add("at " + end.from());
        }
        if (end.proof() != null) {
            words.add("proof " + end.proof().shortForm() + "...");
        }
        return String.join(", ", words);
    }

    private static void row(TextTable table, long at, String what, Facts.Party who, String how, String txid) {
        table.row(Times.fine(at), what, who, how, Tasks.shortId(txid));
    }
}
