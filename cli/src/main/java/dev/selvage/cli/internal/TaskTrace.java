package dev.selvage.cli.internal;

import dev.selvage.cli.internal.client.ContractClient;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "trace", description = "Show, from the ledger alone, who did what when, and in which transactions.")
final class TaskTrace extends ContractCommand {
    @Parameters(paramLabel = "TASK", description = "A task's id, or the beginning of it.")
    private String given;

    @Override
    int run(Session session, ContractClient contract) {
        var tasks = new Tasks(contract);
        var view = tasks.view(tasks.resolve(given));
        var steps = new Trace(tasks).of(view);
        session.answer(steps, () -> TaskShow.summary(view) + "\n" + text(steps));
        return ExitStatus.DONE;
    }

    private static String text(List<Trace.Step> steps) {
        var table = new TextTable("TIME", "WHAT", "WHO", "HOW", "TRANSACTION");
        steps.forEach(step ->
                table.row(Times.fine(step.at()), step.what(), step.who(), step.how(), Tasks.shortId(step.txid())));
        return table.toString();
    }
}
