package dev.selvage.agent.pipeline;

import static dev.selvage.agent.pipeline.SmallTasks.TASK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.agent.ManualClock;
import dev.selvage.agent.journal.Journal;
import dev.selvage.agent.ledger.Ledger;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.Deployment;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.model.TaskState;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a task that a block does not tell of whole is asked for, and asked for again; on one thread. */
class TaskLoaderTest {
    private static final NodeId SELF = SmallTasks.NODE;
    private static final Deployment RIGHT = deployment("right");

    @TempDir
    Path folder;

    private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_000_000));
    private final List<String> asked = new ArrayList<>();
    /** Faults of the ledger's next answers, function and code. */
    private final Deque<Map.Entry<String, ErrorCode>> faults = new ArrayDeque<>();

    private final Deque<Runnable> calls = new ArrayDeque<>();
    private final List<Optional<TaskContext>> loaded = new ArrayList<>();
    private Deployment deployment = RIGHT;
    private NodeId bound = SELF;
    private Facts.EndFact end;
    private Journal journal;
    private TaskLoader loader;

    @BeforeEach
    void open() {
        journal = Journal.open(folder.resolve("journal.db"));
        var ledger = (Ledger) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Ledger.class},
                (proxy, method, arguments) -> evaluate((String) arguments[0]));
        var contract = new Contract(ledger);
        loader = new TaskLoader(
                SELF, contract, new Deployments(contract, journal), journal, Runnable::run, calls::add, clock);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private String evaluate(String function) {
        asked.add(function);
        if (!faults.isEmpty() && faults.peek().getKey().equals(function)) {
            throw new SelvageException(faults.poll().getValue(), "Not now.");
        }
        return CanonicalJson.text(
                function.equals(ContractApi.GET_WORKFLOW)
                        ? deployment
                        : new ContractApi.TaskView(
                                SmallTasks.fact(RIGHT.workflow(), bound), TaskState.RUNNING, null, null, end, null));
    }

    @Test
    void a_task_is_read_once_and_kept_for_the_next_start() {
        load();
        assertThat(asked).containsExactly(ContractApi.GET_TASK, ContractApi.GET_WORKFLOW);
        assertThat(loaded)
                .singleElement()
                .satisfies(it -> assertThat(it.orElseThrow().id()).isEqualTo(TASK));
        passes(60_000);
        assertThat(asked).hasSize(2);
        assertThat(loader.known()).extracting(TaskContext::id).containsExactly(TASK);
    }

    @Test
    void a_ledger_that_is_away_is_asked_again_after_pauses_that_grow_up_to_five_seconds() {
        for (int i = 0; i < 12; i++) {
            faults.add(Map.entry(ContractApi.GET_TASK, ErrorCode.LEDGER_UNREACHABLE));
        }
        load();
        for (long pause : new long[] {20, 40, 80, 160, 320, 640, 1280, 2560, 5000, 5000, 5000}) {
            int before = asked.size();
            passes(pause - 1);
            assertThat(asked).as("before %d ms", pause).hasSize(before);
            passes(1);
            assertThat(asked).as("after %d ms", pause).hasSize(before + 1);
        }
        assertThat(loaded).isEmpty();
        passes(5000);
        assertThat(loaded).singleElement().matches(Optional::isPresent);
    }

    @Test
    void a_peer_that_knows_the_task_but_not_yet_its_workflow_is_asked_for_both_again() {
        faults.add(Map.entry(ContractApi.GET_WORKFLOW, ErrorCode.WORKFLOW_UNKNOWN));
        load();
        assertThat(loaded).isEmpty();
        assertThat(loader.known()).isEmpty();
        passes(20);
        assertThat(asked)
                .containsExactly(
                        ContractApi.GET_TASK, ContractApi.GET_WORKFLOW, ContractApi.GET_TASK, ContractApi.GET_WORKFLOW);
        assertThat(loaded).singleElement().matches(Optional::isPresent);
    }

    @Test
    void a_workflow_of_another_digest_is_never_taken() {
        deployment = deployment("wrong");
        load();
        passes(20);
        passes(40);
        assertThat(asked).hasSize(6);
        assertThat(loaded).isEmpty();
        assertThat(journal.deployment(RIGHT.workflow().digest())).isEmpty();
        deployment = RIGHT;
        passes(80);
        assertThat(loaded).singleElement().matches(Optional::isPresent);
    }

    @Test
    void a_task_is_asked_for_once_however_often_it_is_met_meanwhile() {
        faults.add(Map.entry(ContractApi.GET_TASK, ErrorCode.CHAINCODE_UNREACHABLE));
        loader.load(TASK, loaded::add);
        loader.load(TASK, loaded::add);
        answers();
        assertThat(asked).hasSize(1);
        passes(20);
        assertThat(loaded).hasSize(1);
    }

    @Test
    void a_task_that_ends_while_it_is_waited_for_is_not_asked_for_any_more() {
        faults.add(Map.entry(ContractApi.GET_TASK, ErrorCode.LEDGER_UNREACHABLE));
        load();
        loader.forget(TASK);
        passes(60_000);
        assertThat(asked).hasSize(1);
        assertThat(loaded).isEmpty();
    }

    @Test
    void a_task_of_other_nodes_and_one_that_has_ended_are_told_as_nothing_to_do() {
        bound = new NodeId("JfkMSP", "node1");
        load();
        bound = SELF;
        end = new Facts.EndFact(TaskState.CANCELLED, null, null, null, 1, "tx");
        load();
        assertThat(loaded).containsExactly(Optional.empty(), Optional.empty());
        assertThat(asked).containsOnly(ContractApi.GET_TASK);
        assertThat(loader.known()).isEmpty();
    }

    private void passes(long millis) {
        clock.advance(Duration.ofMillis(millis));
        loader.tick(clock.millis());
        answers();
    }

    private void load() {
        loader.load(TASK, loaded::add);
        answers();
    }

    private void answers() {
        while (!calls.isEmpty()) {
            calls.poll().run();
        }
    }

    private static Deployment deployment(String name) {
        return SmallTasks.deployment(name, Map.of("say", SmallTasks.subTask(null, 1)));
    }
}
