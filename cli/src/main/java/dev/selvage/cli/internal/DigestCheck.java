package dev.selvage.cli.internal;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.cli.internal.local.LocalLedger;
import dev.selvage.cli.internal.local.NodeLink;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.SelvageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Compares the digests on the ledger with bytes. Every output is fetched anew from the node that computed it, by a member of its
 * organisation, and an output that stands on the ledger is read from there as well.
 */
final class DigestCheck {
    private final ContractClient contract;
    private final Tasks tasks;
    private final LocalLedger ledger;
    private final Session session;

    DigestCheck(ContractClient contract, Tasks tasks, LocalLedger ledger, Session session) {
        this.contract = contract;
        this.tasks = tasks;
        this.ledger = ledger;
        this.session = session;
    }

    /**
     * Checks every output of every accepted result of a task.
     *
     * @return how many results were checked
     * @throws SelvageException DIGEST_MISMATCH for the first that differs; CONTENT_UNKNOWN for one whose bytes are not to be had
     */
    int check(ContractApi.TaskView view) throws IOException {
        int checked = 0;
        for (String subTask : view.subTasks().keySet()) {
            for (var result : tasks.accepted(view, subTask)) {
                for (var output : result.outputs().entrySet()) {
                    check(view, result, output.getKey(), output.getValue());
                }
                checked++;
            }
        }
        return checked;
    }

    private void check(ContractApi.TaskView view, Facts.ResultFact result, String name, Facts.OutputFact output)
            throws IOException {
        byte[] held = held(view.task().id(), result, output);
        var what = result.subTask() + "[" + result.index() + "]." + name;
        session.detail(what + " " + held.length + " bytes, digest " + output.digest());
        var declared = tasks.workflowOf(view)
                .subTasks()
                .get(result.subTask())
                .outputs()
                .get(name);
        if (held.length != output.size()
                || (declared.onLedger()
                        && !Arrays.equals(held, onLedger(view.task().id(), result, name)))) {
            throw new SelvageException(
                    ErrorCode.DIGEST_MISMATCH, "The bytes of " + what + " are not those that the ledger names.");
        }
    }

    /** The bytes that the node holds, compared with the digest on the ledger as they come. */
    private byte[] held(String task, Facts.ResultFact result, Facts.OutputFact output) throws IOException {
        var organisation = ledger.organisation(result.node().msp());
        var user = ledger.profile("user", organisation, LocalLedger.USER);
        try (var control = NodeLink.open(ledger.nodeConfig(organisation), user)) {
            var bytes = new ByteArrayOutputStream();
            control.result(task, output.digest(), bytes);
            return bytes.toByteArray();
        }
    }

    private byte[] onLedger(String task, Facts.ResultFact result, String name) {
        return contract.evaluate(
                        ContractApi.GET_OUTPUT,
                        new ContractApi.OutputQuery(task, result.subTask(), result.index(), name),
                        ContractApi.Bytes.class)
                .bytes();
    }
}
