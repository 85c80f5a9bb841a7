package dev.selvage.cli.internal;

import dev.selvage.agent.audit.AuditApi;
import dev.selvage.agent.audit.AuditReport;
import dev.selvage.formats.Units;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.DataName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "audit",
        description = "Find out whether another organisation still holds what it anchored; 6 when it does not.")
final class DataAudit extends BaseCommand {
    @Mixin
    private DataCommand.OwnNode node;

    @Parameters(paramLabel = "NAME", description = "The owner's name of the data set.")
    private String name;

    @Option(names = "--of", required = true, paramLabel = "ORG", description = "Whose data it is, such as JfkMSP.")
    private String owner;

    @Option(
            names = "--detect",
            paramLabel = "P:F",
            defaultValue = "99%:1%",
            description = "Find damage of F of the blocks with probability P (default 99%%:1%%).")
    private String detect;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "How: ${COMPLETION-CANDIDATES} (default: as the data is anchored).")
    private AuditMode mode;

    @Option(
            names = "--holder",
            paramLabel = "MSP/NODE",
            description = "The node that holds the data for the owner (default: the owner's own).")
    private String holder;

    @Override
    int run(Session session) {
        var data = new DataName(owner, name);
        var report = node.ask(session, control -> {
            var begun = control.ask(
                    AuditApi.AUDIT, new AuditApi.AuditOrder(data, holder, detect, mode), AuditApi.JobView.class);
            return new NodeJobs(session).await(control, begun, AuditReport.class);
        });
        session.answer(report, () -> text(report));
        if (report.accepted()) {
            return ExitStatus.DONE;
        }
        session.progress(FaultText.of(new SelvageException(ErrorCode.AUDIT_REJECTED, report.sentence() + ".")));
        return ExitStatus.CHECK_SAID_NO;
    }

    private static String text(AuditReport report) {
        return line(report) + "\nProof of " + NodeJobs.bytes(report.proofBytes()) + " from " + report.holder() + ", "
                + report.mode() + ", in " + Times.span(report.millis()) + ". On the ledger: selvage data audits "
                + report.audit();
    }

    /** What was found, in a line. */
    static String line(AuditReport report) {
        var aim = report.detect().split(":", 2);
        return (report.accepted()
                        ? "intact"
                        : (report.txid() == null ? "NOT PROVEN: " : "NOT INTACT: ") + report.reason())
                + "   " + report.data() + " version "
                + report.version() + ", " + report.challenged() + " of " + report.blocks() + " blocks of "
                + Units.writeSize(report.blockSize()) + " challenged"
                + (report.challenged() == report.blocks()
                        ? ": all of them"
                        : ": finds damage of " + aim[1] + " with " + aim[0]);
    }
}
