package dev.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.model.Digest;
import dev.selvage.model.Operation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuiltinEngineTest {
    private static final byte[] BYTES = "some data".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private StandardEngine engine;

    @BeforeEach
    void open() {
        engine = BuiltinEngine.open(directory.resolve("store"), 2);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void its_operations_are_valid() {
        assertThat(BuiltinEngine.builtinOperations().values())
                .hasSize(5)
                .allSatisfy(operation -> assertThat(operation.problems()).isEmpty());
    }

    @Test
    void it_offers_what_needs_no_node_and_leaves_audits_to_the_node_s_own_engine() {
        assertThat(BuiltinEngine.builtinOperations().values())
                .filteredOn(operation -> engine.describe().offers(operation.operation(), operation.digest()))
                .extracting(Operation::operation)
                .containsExactlyInAnyOrder("bench.gather/1", "bench.noop/1", "data.move/1", "data.store/1");
    }

    @Test
    void move_hands_on_bytes_and_files() throws Exception {
        assertThat(run(BuiltinEngine.MOVE, List.of(EngineInput.inline("data", "text/plain", BYTES))))
                .isEqualTo("some data");
        var file = Files.write(directory.resolve("big"), BYTES);
        var input = new EngineInput(
                "data", "", 0, "text/plain", Optional.of(Digest.of(BYTES)), 9, new InputPlace.OnDisk(file));
        assertThat(run(BuiltinEngine.MOVE, List.of(input))).isEqualTo("some data");
    }

    @Test
    void store_keeps_a_copy_by_digest_and_gives_a_receipt() throws Exception {
        var digest = Digest.of(BYTES).hex();
        assertThat(run(BuiltinEngine.STORE, List.of(EngineInput.inline("data", "text/plain", BYTES))))
                .isEqualTo("{\"digest\":\"" + digest + "\",\"size\":9}");
        assertThat(directory.resolve("store").resolve(digest)).hasBinaryContent(BYTES);
    }

    @Test
    void noop_and_gather_give_fixed_texts() throws Exception {
        assertThat(run(BuiltinEngine.NOOP, List.of())).isEqualTo("ok\n");
        assertThat(run(BuiltinEngine.GATHER, List.of(EngineInput.inline("items", "text/plain", BYTES))))
                .isEqualTo("1\n");
    }

    private String run(String operation, List<EngineInput> inputs) throws Exception {
        var directory = Files.createTempDirectory(this.directory, "run");
        var request = new EngineRequest(
                new RunKey(EngineSamples.TASK, "part", Math.floorMod(directory.hashCode(), 1000), 1, "node"),
                BuiltinEngine.builtinOperations().get(operation),
                "{}",
                inputs,
                RunLimits.usual(),
                directory,
                "");
        var outcome = engine.run(request, EngineListener.NONE).outcome().get(10, TimeUnit.SECONDS);
        return outcome.fold(
                succeeded -> {
                    var content = succeeded.outputs().get(0).content();
                    try {
                        return content instanceof EngineOutput.OnDisk file
                                ? Files.readString(file.path())
                                : new String(((EngineOutput.Bytes) content).bytes(), StandardCharsets.UTF_8);
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                failed -> failed.failure().toString());
    }
}
