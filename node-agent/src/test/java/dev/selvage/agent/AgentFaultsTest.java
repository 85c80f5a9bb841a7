package dev.selvage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.agent.journal.Checkpoint;
import dev.selvage.agent.journal.Journal;
import dev.selvage.agent.journal.NewTasks;
import dev.selvage.agent.journal.Settlement;
import dev.selvage.agent.store.DurableFiles;
import dev.selvage.formats.config.HostPort;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent finds at its start, and tasks that end while a part is on its way. */
class AgentFaultsTest {
    @TempDir
    static Path folder;

    private static Channel channel;

    @BeforeAll
    static void open() throws Exception {
        channel = Channel.open(folder, Duration.ofMillis(20));
    }

    @AfterAll
    static void close() throws Exception {
        channel.close();
    }

    @Test
    void adopts_what_it_did_after_the_backup_that_was_restored() throws Exception {
        var config = node("EwrMSP", "restored");
        Path backup = folder.resolve("backup");
        try (Agent agent = started(config)) {
            succeeds("before-the-backup");
            assertThat(agent.stopped()).isNotDone();
        }
        copy(config.data(), backup);
        try (Agent agent = started(config)) {
            succeeds("after-the-backup");
            assertThat(agent.stopped()).isNotDone();
        }
        DurableFiles.deleteTree(config.data());
        copy(backup, config.data());
        try (Agent agent = started(config)) {
            succeeds("after-the-restore");
            assertThat(agent.stopped()).isNotDone();
        }
        assertThat(LedgerCount.of(channel, channel.height()).conflicts()).isZero();
    }

    @Test
    void stops_at_a_ledger_that_begins_with_another_block() throws Exception {
        var config = node("JfkMSP", "other-genesis");
        Files.createDirectories(config.data());
        try (var journal = Journal.open(config.data().resolve("journal.db"))) {
            journal.belongsTo(Map.of("genesis", Digest.of(new byte[] {1}).hex()));
        }
        assertStops(config);
    }

    @Test
    void stops_at_a_ledger_whose_blocks_it_has_seen_otherwise() throws Exception {
        var config = node("JfkMSP", "other-block");
        Files.createDirectories(config.data());
        try (var journal = Journal.open(config.data().resolve("journal.db"))) {
            var seen = new Checkpoint(1, Digest.of(new byte[] {1}));
            journal.block(seen, NewTasks.NONE, List.of(), Settlement.NONE, 1);
        }
        assertStops(config);
    }

    @Test
    void a_task_that_is_cancelled_while_inputs_are_fetched_leaves_nothing_behind() throws Exception {
        var workflow = Flow.named("cancelled")
                .whisper("hello", "ewr", "secret", "jfk")
                .join("copy", "jfk", "hello")
                .build();
        channel.deploy(workflow, Flow.SAY, Flow.JOIN);
        String task;
        try (Agent producer = started(node("EwrMSP", "producer"))) {
            task = channel.create(workflow, Map.of());
            String id = task;
            Awaitility.await("the producer is done")
                    .atMost(Duration.ofSeconds(30))
                    .until(() ->
                            channel.view(id).subTasks().get("hello").parts().succeeded() == 1);
            assertThat(producer.stopped()).isNotDone();
        }
        try (Agent agent = started(node("JfkMSP", "cancelled"))) {
            Awaitility.await("its inputs are fetched in vain")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> agent.asked(pipeline -> pipeline.standing(task)).stream()
                            .anyMatch(part -> part.reason().isEmpty()));
            Channel.submit(
                    channel.user("EwrMSP"), ContractApi.CANCEL, new ContractApi.TaskAct(task, "not needed any more"));
            Awaitility.await("the part is gone")
                    .atMost(Duration.ofSeconds(30))
                    .until(() ->
                            agent.asked(pipeline -> pipeline.standing(task)).isEmpty());
            Awaitility.await("its resources are free")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> agent.parts().scheduler().load().running() == 0);
            assertThat(channel.view(task).state()).isEqualTo(TaskState.CANCELLED);
            assertThat(agent.stopped()).isNotDone();
        }
    }

    private static void assertStops(NodeConfig config) throws Exception {
        try (Agent agent = Agent.start(config, EngineSource.of(Flow.engine(1)))) {
            assertThat(agent.stopped().get(30, TimeUnit.SECONDS).code()).isEqualTo(ErrorCode.LEDGER_MISMATCH);
        }
    }

    private static NodeConfig node(String msp, String name) {
        var gateways = channel.gateways(msp).stream()
                .map(gateway -> HostPort.parse(gateway.toString()))
                .toList();
        return channel.node(msp, name, gateways);
    }

    private static Agent started(NodeConfig config) throws Exception {
        Agent agent = Agent.start(config, EngineSource.of(Flow.engine(2)));
        agent.ready().get(30, TimeUnit.SECONDS);
        return agent;
    }

    private static void succeeds(String name) {
        var workflow = Flow.named(name).say("hello", "ewr", name).build();
        channel.deploy(workflow, Flow.SAY, Flow.JOIN);
        String task = channel.create(workflow, Map.of());
        channel.awaitEnd(task, Duration.ofSeconds(30));
        assertThat(channel.view(task).state()).isEqualTo(TaskState.SUCCEEDED);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Path target = to.resolve(from.relativize(path));
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }
}
