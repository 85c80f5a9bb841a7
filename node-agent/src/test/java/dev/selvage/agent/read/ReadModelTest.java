package dev.selvage.agent.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.agent.ledger.LedgerBlock;
import dev.selvage.model.Binding;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.NewTask;
import dev.selvage.model.ContractApi.NodeInfo;
import dev.selvage.model.ContractApi.NodeRevocation;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.ContractApi.Submission;
import dev.selvage.model.Digest;
import dev.selvage.model.Facts;
import dev.selvage.model.Facts.OutputFact;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.LedgerEvent.Created;
import dev.selvage.model.LedgerEvent.End;
import dev.selvage.model.NodeId;
import dev.selvage.model.Outcome;
import dev.selvage.model.TaskState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadModelTest {
    private static final String FIRST = "1".repeat(32);
    private static final String SECOND = "2".repeat(32);
    private static final NodeId EWR = NodeId.parse("EwrMSP/node1");
    private static final Digest ANY = Digest.of(new byte[] {9});
    private static final OutputFact TABLE = new OutputFact(Digest.of(new byte[] {1}), 10, "text/csv", true);

    @TempDir
    Path folder;

    private ReadModel model;
    private long blocks;

    @BeforeEach
    void open() {
        model = ReadModel.open(folder.resolve("read.db"));
    }

    @AfterEach
    void close() {
        model.close();
    }

    private void block(String code, String function, Object argument, LedgerEvent.Entry... facts) {
        long number = blocks++;
        Optional<LedgerEvent> event =
                facts.length == 0 ? Optional.empty() : Optional.of(new LedgerEvent(1, List.of(facts)));
        model.block(new LedgerBlock(
                number,
                Digest.of(new byte[] {(byte) number}),
                List.of(new LedgerBlock.Transaction(
                        "tx" + number,
                        code,
                        1_000 * number,
                        "EwrMSP",
                        ANY,
                        function,
                        argument instanceof String text ? text : CanonicalJson.text(CanonicalJson.tree(argument)),
                        Optional.empty(),
                        event))));
    }

    private void create(String task, String retryOf) {
        block(
                LedgerBlock.VALID,
                ContractApi.CREATE_TASK,
                new NewTask(ANY, CanonicalJson.object(), new Binding(Map.of()), retryOf),
                new Created(task, ANY, "nyc-delays", "1.0.0", new Facts.Party("EwrMSP", "User1@ewr.example")));
    }

    private void end(String task) {
        block(LedgerBlock.VALID, ContractApi.ADVANCE, "[]", new End(task, TaskState.SUCCEEDED));
    }

    private static Submission submission(String task) {
        return new Submission(
                "node1",
                List.of(new ResultItem(
                        task,
                        "delays",
                        0,
                        1,
                        "ewr",
                        Map.of("table", TABLE),
                        Map.of(),
                        null,
                        new Facts.EngineId("h2", "1"),
                        Map.of(),
                        List.of(),
                        Map.of(),
                        List.of())));
    }

    private static LedgerEvent.Result accepted(String task) {
        return new LedgerEvent.Result(task, "delays", 0, 1, "ewr", EWR, Outcome.SUCCEEDED, true);
    }

    @Test
    void names_the_places_of_a_digest_once_its_result_was_accepted() {
        create(FIRST, null);
        block(LedgerBlock.VALID, ContractApi.SUBMIT_RESULTS, submission(FIRST), accepted(FIRST));
        assertThat(model.places(TABLE.digest()))
                .containsExactly(new ReadModel.OutputPlace(FIRST, "delays", 0, "table", EWR, TABLE));
        assertThat(model.places(ANY)).isEmpty();
    }

    @Test
    void a_result_without_effect_makes_no_place() {
        create(FIRST, null);
        block("MVCC_READ_CONFLICT", ContractApi.SUBMIT_RESULTS, submission(FIRST));
        block(LedgerBlock.VALID, ContractApi.SUBMIT_RESULTS, submission(FIRST));
        assertThat(model.places(TABLE.digest())).isEmpty();
    }

    @Test
    void an_argument_that_is_rubbish_hurts_nobody_else() {
        create(FIRST, null);
        block(LedgerBlock.VALID, ContractApi.SUBMIT_RESULTS, "{rubbish", accepted(FIRST));
        block(LedgerBlock.VALID, ContractApi.UPDATE_NODE_INFO, "{rubbish");
        assertThat(model.trace(FIRST)).hasSize(2);
        assertThat(model.checkpoint().orElseThrow().block()).isEqualTo(2);
    }

    @Test
    void a_block_taken_twice_counts_once() {
        create(FIRST, null);
        blocks = 0;
        create(SECOND, null);
        assertThat(model.tasks(10)).extracting(ReadModel.ListedTask::id).containsExactly(FIRST);
        assertThat(model.trace(FIRST)).hasSize(1);
    }

    @Test
    void lists_the_latest_task_first_with_its_end() {
        create(FIRST, null);
        create(SECOND, null);
        end(FIRST);
        assertThat(model.tasks(10)).extracting(ReadModel.ListedTask::id).containsExactly(SECOND, FIRST);
        assertThat(model.tasks(10)).extracting(ReadModel.ListedTask::ended).containsExactly(null, 2_000L);
        assertThat(model.tasks(1)).hasSize(1);
    }

    @Test
    void a_task_is_finished_when_it_and_all_that_retry_it_have_ended() {
        assertThat(model.finished(FIRST)).isEmpty();
        create(FIRST, null);
        assertThat(model.finished(FIRST)).isEmpty();
        end(FIRST);
        assertThat(model.finished(FIRST)).contains(Instant.ofEpochMilli(1_000));
        create(SECOND, FIRST);
        assertThat(model.retriesOf(FIRST)).containsExactly(SECOND);
        assertThat(model.finished(FIRST)).isEmpty();
        end(SECOND);
        assertThat(model.finished(FIRST)).contains(Instant.ofEpochMilli(3_000));
        assertThat(model.finished(SECOND)).contains(Instant.ofEpochMilli(3_000));
    }

    @Test
    void knows_what_nodes_say_of_themselves_and_which_keys_are_revoked() {
        block(
                LedgerBlock.VALID,
                ContractApi.UPDATE_NODE_INFO,
                new NodeInfo("node1", "127.0.0.1:7071", Map.of("flights.delays/1", ANY), null));
        block(LedgerBlock.VALID, ContractApi.REVOKE_NODE, new NodeRevocation("node1", ANY));
        assertThat(model.node(EWR).map(NodeInfo::endpoint)).contains("127.0.0.1:7071");
        assertThat(model.node(NodeId.parse("JfkMSP/node1"))).isEmpty();
        assertThat(model.revoked("EwrMSP", ANY)).isTrue();
        assertThat(model.revoked("JfkMSP", ANY)).isFalse();
    }

    @Test
    void is_the_same_after_reopening_and_when_made_anew() {
        create(FIRST, null);
        block(LedgerBlock.VALID, ContractApi.SUBMIT_RESULTS, submission(FIRST), accepted(FIRST));
        var tasks = model.tasks(10);
        var trace = model.trace(FIRST);
        model.close();
        open();
        assertThat(model.tasks(10)).isEqualTo(tasks);
        assertThat(model.trace(FIRST)).isEqualTo(trace);
        assertThat(model.checkpoint().orElseThrow().block()).isEqualTo(1);

        model.close();
        model = ReadModel.open(folder.resolve("anew.db"));
        blocks = 0;
        create(FIRST, null);
        block(LedgerBlock.VALID, ContractApi.SUBMIT_RESULTS, submission(FIRST), accepted(FIRST));
        assertThat(model.tasks(10)).isEqualTo(tasks);
        assertThat(model.trace(FIRST)).isEqualTo(trace);
    }
}
