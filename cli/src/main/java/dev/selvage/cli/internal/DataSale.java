package dev.selvage.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.agent.audit.AuditApi;
import dev.selvage.agent.audit.AuditApi.AnchorReport;
import dev.selvage.agent.audit.AuditApi.JobView;
import dev.selvage.agent.audit.AuditApi.VerifyReport;
import dev.selvage.agent.audit.AuditReport;
import dev.selvage.agent.control.ControlApi;
import dev.selvage.agent.control.ControlClient;
import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.cli.internal.local.LocalLedger;
import dev.selvage.cli.internal.local.NodeLink;
import dev.selvage.engine.BuiltinEngine;
import dev.selvage.formats.workflow.WorkflowSource;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.TaskState;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.DataName;
import dev.selvage.network.org.Organisation;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The example data-sale, told step by step: JfkMSP anchors its flights, EwrMSP audits them; one byte is changed and the audit says no, so that the
 * sale stops; the byte is restored and the data is audited, handed over and compared.
 */
final class DataSale {
    private static final String DATA = "flights-2013";
    private static final String SELLER = "JfkMSP";
    private static final String BUYER = "EwrMSP";
    private static final int DAMAGED_BLOCK = 42;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Session session;
    private final ContractClient contract;
    private final LocalLedger ledger;
    private final WorkflowSource source;
    private final Path original;
    private final Path forSale;
    private final Consumer<String> say;
    private final ObjectNode answer;
    private final DataName data = new DataName(SELLER, DATA);

    /**
     * The example.
     *
     * @param contract as a user of the buyer
     * @param original the flights that are sold
     * @param say is told each step
     * @param answer gets what came of each step
     */
    DataSale(
            Session session,
            ContractClient contract,
            LocalLedger ledger,
            WorkflowSource source,
            Path original,
            Consumer<String> say,
            ObjectNode answer) {
        this.session = session;
        this.contract = contract;
        this.ledger = ledger;
        this.source = source;
        this.original = original;
        this.forSale = original.resolveSibling(DATA + ".csv");
        this.say = say;
        this.answer = answer;
    }

    /** Tells it; the exit status is that of a check which said no where it ought to have said yes, or the other way round. */
    int run() throws IOException, InterruptedException {
        restore();
        var anchored = onNode(SELLER, this::offer);
        say.accept("1 " + SELLER + " offers its flights of 2013: " + DataAnchor.line(anchored));
        answer.set("anchored", CanonicalJson.tree(anchored));
        boolean asExpected = audit("2 " + BUYER + " audits", "audit").accepted();

        damage(anchored.blockSize());
        say.accept("3 One byte of block " + DAMAGED_BLOCK + " changes on " + SELLER + "'s machine");
        var found = audit("4 " + BUYER + " audits", "auditOfDamaged");
        asExpected &= !found.accepted() && found.damaged().equals(List.of(DAMAGED_BLOCK));
        asExpected &= sale("5 The sale", "saleOfDamaged") == TaskState.FAILED;

        restore();
        say.accept("6 " + SELLER + " restores its data");
        asExpected &= sale("7 The sale", "sale") == TaskState.SUCCEEDED;
        asExpected &= asExpected && compare();
        say.accept(
                "Next: selvage data audit " + DATA + " --of " + SELLER + " | selvage task list | selvage network down");
        session.answer(answer, () -> "");
        return asExpected ? ExitStatus.DONE : ExitStatus.CHECK_SAID_NO;
    }

    private AnchorReport offer(ControlClient seller) {
        seller.ask(
                ControlApi.ADD_FILE,
                new ControlApi.DataFile(DATA, forSale.toString(), "text/csv", false),
                ControlApi.DataView.class);
        var builtin = BuiltinEngine.builtinOperations();
        for (String operation : List.of(BuiltinEngine.CHECK, BuiltinEngine.MOVE)) {
            seller.ask(
                    ControlApi.GRANT,
                    new ControlApi.NewGrant(
                            DATA, operation, builtin.get(operation).digest(), List.of(BUYER), null, null),
                    ControlApi.GrantView.class);
        }
        DataAnchor.registerKey(session, seller, ledger.profile("admin", organisation(SELLER), LocalLedger.ADMIN));
        return job(
                seller,
                AuditApi.ANCHOR,
                new AuditApi.AnchorOrder(DATA, AuditMode.SECTORED, null, null, false),
                AnchorReport.class);
    }

    private AuditReport audit(String step, String name) {
        var report = onNode(
                BUYER,
                buyer ->
                        job(buyer, AuditApi.AUDIT, new AuditApi.AuditOrder(data, null, null, null), AuditReport.class));
        say.accept(step + ": " + DataAudit.line(report));
        answer.set(name, CanonicalJson.tree(report));
        return report;
    }

    private TaskState sale(String step, String name) throws InterruptedException {
        var created = QuickstartCommand.createWhenBound(
                contract,
                () -> TaskRun.request(
                        contract,
                        source.workflow(),
                        Arguments.parse(source.workflow().parameters(), List.of())));
        var tasks = new Tasks(contract);
        var view = new TaskWait(tasks, new LocalNodes(session)).untilEnd(created.task(), PATIENCE, session::detail);
        say.accept(step + ": task " + tasks.shortest(created.task()) + "... " + view.state() + "   "
                + QuickstartCommand.parts(tasks, view) + Failures.text(Failures.of(tasks, view)));
        answer.set(
                name,
                CanonicalJson.tree(
                        Map.of("task", created.task(), "state", view.state().toString())));
        return view.state();
    }

    /** The copy that the buyer's node keeps, which the receipt on the ledger names. */
    private boolean compare() {
        var tasks = new Tasks(contract);
        var task = answer.path("sale").path("task").asText();
        var view = tasks.view(task);
        var receipt = new Results(contract, tasks, new LocalNodes(session))
                .of(view).stream()
                        .filter(result -> result.name().equals("receipt"))
                        .findFirst()
                        .orElseThrow(() -> new SelvageException(ErrorCode.RESULT_UNKNOWN, "The sale has no receipt."));
        var digest = CanonicalJson.parse(receipt.text()).path("digest").asText();
        var kept = ledger.nodeConfig(organisation(BUYER)).data().resolve("kept").resolve(digest);
        var report = onNode(
                BUYER,
                buyer -> job(
                        buyer,
                        AuditApi.VERIFY,
                        new AuditApi.VerifyOrder(data, kept.toString(), null, null),
                        VerifyReport.class));
        say.accept("8 What " + BUYER + " got: " + DataVerify.line(report));
        answer.set("verified", CanonicalJson.tree(report));
        return report.same();
    }

    private <T> T job(ControlClient node, String function, Object order, Class<T> report) {
        return new NodeJobs(session).await(node, node.ask(function, order, JobView.class), report);
    }

    private <T> T onNode(String msp, java.util.function.Function<ControlClient, T> question) {
        var organisation = organisation(msp);
        var admin = ledger.profile("admin", organisation, LocalLedger.ADMIN);
        try (var control = NodeLink.open(ledger.nodeConfig(organisation), admin)) {
            return question.apply(control);
        }
    }

    private Organisation organisation(String msp) {
        return ledger.organisations().stream()
                .filter(one -> one.msp().equals(msp))
                .findFirst()
                .orElseThrow(() -> new SelvageException(ErrorCode.NOT_SUPPORTED, "The network has no " + msp + "."));
    }

    private void restore() throws IOException {
        Files.copy(original, forSale, StandardCopyOption.REPLACE_EXISTING);
    }

    private void damage(int blockSize) throws IOException {
        try (var file = new RandomAccessFile(forSale.toFile(), "rw")) {
            long at = (long) DAMAGED_BLOCK * blockSize + blockSize / 2;
            file.seek(at);
            int before = file.read();
            file.seek(at);
            file.write(before ^ 1);
        }
    }
}
