package dev.selvage.chaincode;

import static dev.selvage.chaincode.Channel.refusal;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.ContractApi.Step;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SubTask;
import dev.selvage.model.TaskState;
import dev.selvage.model.Workflow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The contract where it will live: behind the shim, in its own process, endorsed by organisations' peers. */
class LocalChannelTest {
    private static final String NODE = "node1";

    @TempDir
    private Path folder;

    private static String register(LocalChannel channel, String msp) {
        var pem = org.hyperledger.fabric.client.identity.Identities.toPemString(
                channel.signer(msp, NODE).certificate());
        channel.submit(
                msp, "Admin", ContractApi.REGISTER_NODE, new ContractApi.NodeRegistration(NODE, pem), JsonNode.class);
        return pem;
    }

    private static ContractApi.CreatedTask create(LocalChannel channel, Workflow workflow, Object arguments) {
        var digest = channel.submit(
                        "EwrMSP",
                        "User1",
                        ContractApi.DEPLOY_WORKFLOW,
                        new ContractApi.Deployment(workflow, List.of(Flows.OPERATION)),
                        ContractApi.Deployed.class)
                .digest();
        var request = new ContractApi.NewTask(digest, CanonicalJson.tree(arguments), null, null);
        var dry = channel.evaluate("EwrMSP", "User1", ContractApi.CREATE_TASK, request, ContractApi.CreatedTask.class);
        return channel.submit(
                "EwrMSP",
                "User1",
                ContractApi.CREATE_TASK,
                new ContractApi.NewTask(digest, CanonicalJson.tree(arguments), dry.binding(), null),
                ContractApi.CreatedTask.class);
    }

    @Test
    void a_task_runs_to_its_end_through_gateway_clients_of_the_embedded_ledger() throws Exception {
        runsToItsEnd(Optional.empty());
    }

    @Test
    @EnabledIfSystemProperty(
            named = LocalChannel.BINARIES,
            matches = ".+",
            disabledReason = "give Fabric's folder as -Dfabric.dir=DIR")
    void a_task_runs_to_its_end_through_gateway_clients_of_native_fabric() throws Exception {
        runsToItsEnd(Optional.of(Path.of(System.getProperty(LocalChannel.BINARIES))));
    }

    private void runsToItsEnd(Optional<Path> fabric) throws Exception {
        try (var channel = new LocalChannel(folder, fabric)) {
            Channel.MSPS.forEach(msp -> register(channel, msp));
            assertThat(refusal(() -> channel.submit(
                            "EwrMSP",
                            "User1",
                            ContractApi.REGISTER_NODE,
                            new ContractApi.NodeRegistration(NODE, "x"),
                            JsonNode.class)))
                    .isEqualTo(ErrorCode.NOT_PERMITTED);
            fanIn(channel);
            manyParts(channel);
        }
    }

    private static void fanIn(LocalChannel channel) {
        var workflow = Flows.flow()
                .eachRole("each")
                .one("merge", "jfk", "each")
                .change("merge", draft -> draft.output(new SubTask.Output(List.of("channel"), null, true)))
                .build();
        String task = create(channel, workflow, Map.of()).task();
        assertThat(refusal(() -> submit(channel, "EwrMSP", Channel.success(task, "each", 1, 1, "jfk", "x"))))
                .isEqualTo(ErrorCode.NODE_NOT_NAMED);
        submit(channel, "EwrMSP", Channel.success(task, "each", 0, 1, "ewr", "0"));
        submit(channel, "JfkMSP", Channel.success(task, "each", 1, 1, "jfk", "1"));
        assertThat(refusal(() -> advance(channel, Step.open(task, "merge")))).isEqualTo(ErrorCode.NOT_READY);
        submit(channel, "LgaMSP", Channel.success(task, "each", 2, 1, "lga", "2"));
        advance(channel, Step.open(task, "merge"));
        var plain = Channel.success(task, "merge", 0, 1, "jfk", "answer");
        submit(
                channel,
                "JfkMSP",
                new ResultItem(
                        task,
                        "merge",
                        0,
                        1,
                        "jfk",
                        plain.outputs(),
                        Map.of("out", "answer".getBytes(UTF_8)),
                        null,
                        plain.engine(),
                        null,
                        null,
                        null,
                        null));
        var view = channel.evaluate(
                "LgaMSP", "User1", ContractApi.GET_TASK, new ContractApi.TaskQuery(task), ContractApi.TaskView.class);
        assertThat(view.state()).isEqualTo(TaskState.SUCCEEDED);
        assertThat(channel.evaluate(
                                "LgaMSP",
                                "User1",
                                ContractApi.GET_OUTPUT,
                                new ContractApi.OutputQuery(task, "merge", 0, "out"),
                                ContractApi.Bytes.class)
                        .bytes())
                .isEqualTo("answer".getBytes(UTF_8));
        var history = CanonicalJson.readList(
                CanonicalJson.text(channel.evaluate(
                        "LgaMSP",
                        "User1",
                        ContractApi.GET_HISTORY,
                        new ContractApi.KeyQuery("end/" + task),
                        JsonNode.class)),
                ContractApi.Change.class);
        assertThat(history)
                .singleElement()
                .satisfies(
                        change -> assertThat(change.txid()).isEqualTo(view.end().txid()));
    }

    private static void manyParts(LocalChannel channel) throws Exception {
        int parts = 240;
        var workflow = Flows.flow()
                .named("many", "1.0.0")
                .allNodes()
                .count("c", parts)
                .one("z", "jfk", "c")
                .build();
        String task = create(channel, workflow, Flows.nodes()).task();
        List<SubmittedTransaction> sent = new ArrayList<>();
        for (int node = 0; node < 3; node++) {
            for (int batch = 0; batch < parts / 120; batch++) {
                List<ResultItem> items = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    items.add(Channel.success(task, "c", (batch * 40 + i) * 3 + node, 1, "all", "x"));
                }
                sent.add(channel.send(
                        Channel.MSPS.get(node),
                        NODE,
                        ContractApi.SUBMIT_RESULTS,
                        new ContractApi.Submission(NODE, items)));
            }
        }
        for (SubmittedTransaction transaction : sent) {
            assertThat(transaction.getStatus().getCode().name()).isEqualTo("VALID");
        }
        advance(channel, Step.open(task, "z"));
        var done = channel.evaluate(
                "EwrMSP", "User1", ContractApi.GET_TASK, new ContractApi.TaskQuery(task), ContractApi.TaskView.class);
        assertThat(done.subTasks().get("c").parts().succeeded()).isEqualTo(parts);
    }

    private static void submit(LocalChannel channel, String msp, ResultItem item) {
        channel.submit(
                msp,
                NODE,
                ContractApi.SUBMIT_RESULTS,
                new ContractApi.Submission(NODE, List.of(item)),
                ContractApi.Verdicts.class);
    }

    private static void advance(LocalChannel channel, Step... steps) {
        channel.submit("JfkMSP", NODE, ContractApi.ADVANCE, List.of(steps), JsonNode.class);
    }
}
