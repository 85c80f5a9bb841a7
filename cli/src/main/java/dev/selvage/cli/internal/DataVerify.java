package dev.selvage.cli.internal;

import dev.selvage.agent.audit.AuditApi;
import dev.selvage.agent.audit.AuditApi.VerifyReport;
import dev.selvage.formats.Units;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.DataName;
import java.nio.file.Path;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description =
                "Compare a whole file, byte for byte, with what another organisation anchored; 6 when it differs.")
final class DataVerify extends BaseCommand {
    private static final int NAMED = 20;

    @Mixin
    private DataCommand.OwnNode node;

    @Parameters(index = "0", paramLabel = "FILE", description = "A file on the node's machine.")
    private Path file;

    @Parameters(index = "1", paramLabel = "NAME", description = "The owner's name of the data set.")
    private String name;

    @Option(names = "--of", required = true, paramLabel = "ORG", description = "Whose data it is, such as JfkMSP.")
    private String owner;

    @Option(
            names = "--holder",
            paramLabel = "MSP/NODE",
            description = "The node that tells what to compare with (default: the owner's own).")
    private String holder;

    @Mixin
    private HashOptions hashing;

    @Override
    int run(Session session) {
        var data = new DataName(owner, name);
        var path = DataCommand.Add.readable(file);
        var report = node.ask(session, control -> {
            var order = new AuditApi.VerifyOrder(data, path, holder, hashing.wish(null));
            var begun = control.ask(AuditApi.VERIFY, order, AuditApi.JobView.class);
            return new NodeJobs(session).await(control, begun, VerifyReport.class);
        });
        session.answer(report, () -> line(report));
        if (report.same()) {
            return ExitStatus.DONE;
        }
        session.progress(FaultText.of(new SelvageException(
                ErrorCode.DATA_DIFFERS,
                file + " is not " + data + " version " + report.version() + ": " + how(report))));
        return ExitStatus.CHECK_SAID_NO;
    }

    /** What was found, in a line. */
    static String line(VerifyReport report) {
        return report.same()
                ? "same: " + NodeJobs.bytes(report.length()) + " in " + report.blocks() + " blocks of "
                        + Units.writeSize(report.blockSize()) + ", byte for byte what " + report.data() + " version "
                        + report.version() + " anchors (" + Times.span(report.millis()) + ")"
                : "DIFFERENT: " + how(report);
    }

    private static String how(VerifyReport report) {
        var blocks =
                report.differing().stream().limit(NAMED).map(String::valueOf).collect(Collectors.joining(", "));
        return (report.length() == report.anchored()
                        ? ""
                        : report.length() + " bytes instead of " + report.anchored() + "; ")
                + report.differingBlocks()
                + " of " + report.blocks() + " blocks differ: " + blocks
                + (report.differingBlocks() > NAMED ? ", ..." : "")
                + (report.group() > 1 ? " (known to groups of " + report.group() + ")" : "") + ".";
    }
}
