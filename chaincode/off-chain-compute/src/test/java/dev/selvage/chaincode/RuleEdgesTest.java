package dev.selvage.chaincode;

import static dev.selvage.chaincode.Channel.failure;
import static dev.selvage.chaincode.Channel.refusal;
import static dev.selvage.chaincode.Channel.success;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.contract.testing.Identity;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.ContractApi.Step;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Keys;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.Limits;
import dev.selvage.model.SubTask;
import dev.selvage.model.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands on a limit passes, what lies one beyond it is refused; and rules that only a second look finds. */
class RuleEdgesTest {
    private static final SubTask.Output PUBLIC = new SubTask.Output(List.of("channel"), null, null);

    private final Channel channel = new Channel();

    private String task(SubTask.Output output) {
        return channel.create(
                Flows.flow().put("a", new Flows.Draft().output(output)).build());
    }

    private static ResultItem change(
            ResultItem item,
            Map<String, Facts.OutputFact> outputs,
            Map<String, byte[]> onLedger,
            Facts.EngineId engine,
            Map<String, Facts.PinnedRead> reads) {
        return new ResultItem(
                item.task(),
                item.subTask(),
                item.index(),
                item.attempt(),
                item.role(),
                outputs,
                onLedger,
                item.failure(),
                engine,
                reads,
                item.evidence(),
                item.measures(),
                item.opens());
    }

    private static ResultItem madeBy(ResultItem item, String engine, String version) {
        return change(item, item.outputs(), item.onLedger(), new Facts.EngineId(engine, version), item.reads());
    }

    @Test
    void what_a_result_says_of_its_engine_has_from_1_to_128_characters() {
        var item = success(task(PUBLIC), "a", "ewr");

        for (String bad : List.of("", "x".repeat(129))) {
            assertThat(refusal(() -> channel.submit("EwrMSP", madeBy(item, bad, "1"))))
                    .isEqualTo(ErrorCode.REQUEST_INVALID);
            assertThat(refusal(() -> channel.submit("EwrMSP", madeBy(item, "engine", bad))))
                    .isEqualTo(ErrorCode.REQUEST_INVALID);
        }
        channel.submit("EwrMSP", madeBy(item, "x".repeat(128), "x".repeat(128)));
    }

    @Test
    void a_media_type_may_be_left_out_and_is_bounded() {
        var item = success(task(PUBLIC), "a", "ewr");
        Digest digest = item.outputs().get("out").digest();
        long size = item.outputs().get("out").size();

        assertThat(refusal(() -> channel.submit("EwrMSP", typed(item, digest, size, "x".repeat(129)))))
                .isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(refusal(() -> channel.submit("EwrMSP", typed(item, digest, -1, null))))
                .isEqualTo(ErrorCode.REQUEST_INVALID);
        channel.submit("EwrMSP", typed(item, digest, size, null));
    }

    private static ResultItem typed(ResultItem item, Digest digest, long size, String mediaType) {
        var output = new Facts.OutputFact(digest, size, mediaType, false);
        return change(item, Map.of("out", output), Map.of(), item.engine(), item.reads());
    }

    @Test
    void a_result_names_no_chain_state_that_its_sub_task_does_not_read() {
        var item = success(task(PUBLIC), "a", "ewr");
        var read = new Facts.PinnedRead(Digest.of(new byte[0]), 1);

        assertThat(refusal(() -> channel.submit(
                        "EwrMSP", change(item, item.outputs(), Map.of(), item.engine(), Map.of("names", read)))))
                .isEqualTo(ErrorCode.REQUEST_INVALID);
    }

    @Test
    void an_output_on_the_ledger_has_at_most_16_kibibytes() {
        var onLedger = new SubTask.Output(List.of("channel"), null, true);
        var exact = "x".repeat(Limits.ON_LEDGER);
        var item = success(task(onLedger), "a", 0, 1, "ewr", exact);
        var larger = success(item.task(), "a", 0, 1, "ewr", exact + "x");

        assertThat(refusal(() -> channel.submit("EwrMSP", stored(larger, exact + "x"))))
                .isEqualTo(ErrorCode.TOO_LARGE);
        channel.submit("EwrMSP", stored(item, exact));
    }

    private static ResultItem stored(ResultItem item, String text) {
        return change(item, item.outputs(), Map.of("out", text.getBytes(UTF_8)), item.engine(), item.reads());
    }

    @Test
    void a_submission_has_from_1_to_64_results() {
        var flow = Flows.flow().allNodes().count("c", 65);
        String task = channel.create(flow.build(), Map.of("nodes", List.of("EwrMSP/node1")));
        List<ResultItem> items = new ArrayList<>();
        for (int i = 0; i <= Limits.RESULTS; i++) {
            items.add(success(task, "c", i, 1, "all", "x"));
        }

        assertThat(refusal(() -> channel.submit("EwrMSP"))).isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(refusal(() -> channel.submit("EwrMSP", items.toArray(ResultItem[]::new))))
                .isEqualTo(ErrorCode.REQUEST_INVALID);
    }

    @Test
    void advance_and_expire_take_from_1_to_64_of_them() {
        String task = channel.create(Flows.flow().one("a", "ewr").build());
        var step = Step.open(task, "a");

        assertThat(refusal(channel::advance)).isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(refusal(channel::expire)).isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(refusal(() ->
                        channel.advance(java.util.Collections.nCopies(65, step).toArray(Step[]::new))))
                .isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(channel.advance(java.util.Collections.nCopies(64, step).toArray(Step[]::new)))
                .hasSize(64);
    }

    @Test
    void a_workflow_of_more_than_256_kibibytes_is_refused() {
        var small = Flows.flow().one("a", "ewr").build();
        var workflow = new Workflow(
                Workflow.FORMAT,
                small.name(),
                small.version(),
                "x".repeat(Limits.WORKFLOW),
                small.parameters(),
                small.operations(),
                small.access(),
                small.roles(),
                small.subTasks(),
                small.results());

        assertThat(refusal(() -> channel.deploy(workflow))).isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void a_reason_has_at_most_512_characters() {
        String task = channel.create(Flows.flow().one("a", "ewr").build());

        assertThat(refusal(() -> cancel(task, "x".repeat(513)))).isEqualTo(ErrorCode.TOO_LARGE);
        cancel(task, "x".repeat(512));
        assertThat(channel.end(task).message()).hasSize(512);
    }

    private void cancel(String task, String reason) {
        channel.ledger.submit(Channel.USER, ContractApi.CANCEL, new ContractApi.TaskAct(task, reason));
    }

    @Test
    void a_task_that_has_ended_is_not_rejected() {
        String task = channel.create(Flows.flow()
                .access(new Workflow.Access(null, List.of("EwrMSP"), List.of("creator"), null))
                .one("a", "ewr")
                .build());
        cancel(task, null);

        assertThat(refusal(() ->
                        channel.ledger.submit(Channel.USER, ContractApi.REJECT, new ContractApi.TaskAct(task, null))))
                .isEqualTo(ErrorCode.TASK_ENDED);
    }

    @Test
    void a_result_after_the_end_takes_its_part_off_the_node_s_list() {
        String task = channel.create(Flows.flow().one("a", "ewr").build());
        String todo = Keys.todo(Channel.node("EwrMSP"), task, "a");
        var left = channel.ledger.state.get(todo);
        cancel(task, null);
        channel.ledger.state.put(todo, left); // as where the end of a wide task had no room for it

        var verdict = channel.submit("EwrMSP", success(task, "a", "ewr"));
        assertThat(verdict.get(0).verdict()).isEqualTo(ContractApi.Verdict.ENDED);
        assertThat(channel.ledger.state).doesNotContainKey(todo);
    }

    @Test
    void a_new_attempt_is_on_its_node_s_list_and_told_to_it() {
        String task = channel.create(Flows.flow()
                .one("a", "ewr")
                .change("a", draft -> draft.attempts(2))
                .build());
        channel.submit("EwrMSP", failure(task, "a", 0, 1, "ewr", true));
        var retried = channel.ledger.submit(Channel.USER, ContractApi.ADVANCE, List.of(Step.retry(task, "a", 0, 1)));

        assertThat(channel.fact(Keys.todo(Channel.node("EwrMSP"), task, "a", 2, 0), Facts.TodoFact.class)
                        .attempt())
                .isEqualTo(2);
        assertThat(Channel.facts(retried))
                .hasOnlyElementsOfType(LedgerEvent.Ready.class)
                .hasSize(1);
    }

    @Test
    void opening_again_says_that_nothing_changed() {
        String task = channel.create(Flows.flow()
                .access(new Workflow.Access(null, List.of("EwrMSP"), null, null))
                .one("a", "ewr")
                .build());
        channel.ledger.submit(Channel.USER, ContractApi.APPROVE, new ContractApi.TaskAct(task, null));

        assertThat(channel.advance(Step.start(task), Step.start(task), Step.open(task, "a")))
                .extracting(ContractApi.StepDone::changed)
                .containsExactly(true, false, false);
    }

    @Test
    void a_role_goes_to_the_newest_key_that_is_not_revoked() {
        var digest = channel.deploy(Flows.flow().one("a", "ewr").build());
        var old = Identity.node("EwrMSP", "node1").spki();
        var renewed = Identity.fresh("EwrMSP", "node1", "CN=node1,OU=client");
        channel.ledger.submit(
                Identity.admin("EwrMSP"),
                ContractApi.REGISTER_NODE,
                new ContractApi.NodeRegistration("node1", renewed.pem()));
        assertThat(bound(digest)).isEqualTo(renewed.spki());

        revoke(renewed.spki());
        assertThat(bound(digest)).isEqualTo(old);
        assertThat(listed()).containsExactly(List.of(old), List.of(renewed.spki()));

        revoke(old);
        assertThat(refusal(() -> bound(digest))).isEqualTo(ErrorCode.ROLE_UNBOUND);
    }

    private Digest bound(Digest workflow) {
        return channel.binding(workflow, Map.of()).nodes("ewr").get(0).spki();
    }

    private void revoke(Digest spki) {
        channel.ledger.submit(
                Identity.admin("EwrMSP"), ContractApi.REVOKE_NODE, new ContractApi.NodeRevocation("node1", spki));
    }

    /** Valid and revoked keys of the first node. */
    private List<List<Digest>> listed() {
        var nodes = CanonicalJson.parse(channel.ledger
                .endorse(Channel.USER, ContractApi.LIST_NODES, new ContractApi.Page(null, null))
                .answer());
        var node = CanonicalJson.read(CanonicalJson.bytes(nodes.at("/items/0")), ContractApi.NodeView.class);
        return List.of(node.keys(), node.revoked());
    }

    @Test
    void without_a_version_the_one_deployed_last_is_found() {
        channel.deploy(Flows.flow().named("test", "2.0.0").one("a", "ewr").build());
        channel.deploy(Flows.flow().named("test", "1.0.0").one("a", "ewr").build());

        var found = channel.ledger.evaluate(
                Channel.USER,
                ContractApi.GET_WORKFLOW,
                new ContractApi.WorkflowQuery(null, "test", null),
                ContractApi.Deployment.class);
        assertThat(found.workflow().version()).isEqualTo("1.0.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"channels", "place", "protection", "settle", "seed", "suspend"})
    void a_word_of_later_versions_is_refused_wherever_it_stands(String word) {
        assertThat(deployed(tree -> tree.putObject(word))).isEqualTo(ErrorCode.NOT_SUPPORTED);
        assertThat(deployed(tree -> ((ObjectNode) tree.at("/subTasks/a")).putObject(word)))
                .isEqualTo(ErrorCode.NOT_SUPPORTED);
    }

    @Test
    void a_place_of_a_role_and_a_visibility_by_rule_are_refused_as_not_supported() {
        assertThat(deployed(tree -> ((ObjectNode) tree.at("/roles/ewr")).putObject("place")))
                .isEqualTo(ErrorCode.NOT_SUPPORTED);
        assertThat(deployed(tree -> ((ObjectNode) tree.at("/subTasks/a/outputs/out"))
                        .putArray("visibility")
                        .addObject()))
                .isEqualTo(ErrorCode.NOT_SUPPORTED);
    }

    private ErrorCode deployed(Consumer<ObjectNode> change) {
        var tree = (ObjectNode) CanonicalJson.tree(
                new ContractApi.Deployment(Flows.flow().one("a", "ewr").build(), List.of(Flows.OPERATION)));
        change.accept((ObjectNode) tree.get("workflow"));
        return refusal(() -> channel.ledger.submit(Channel.USER, ContractApi.DEPLOY_WORKFLOW, tree));
    }
}
