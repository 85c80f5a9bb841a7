package dev.selvage.integrity.hash.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way through the driver's functions, over a driver that runs the kernel's source on the host. */
class GpuHasherTest {
    @TempDir
    static Path folder;

    private static Path driver;

    @BeforeAll
    static void makeADriver() throws IOException, InterruptedException {
        assumeThat(System.getProperty("os.name") + " " + System.getProperty("os.arch"))
                .as("the natives of the GPU are for this platform")
                .isEqualTo("Linux amd64");
        driver = Files.createDirectory(folder.resolve("driver"));
        CCompiler.library(
                CCompiler.TEST_SOURCES.resolve("fake_cuda.c"),
                driver.resolve("libcuda.so.1"),
                "-Wl,-soname,libcuda.so.1");
    }

    @Test
    void a_device_gives_the_hashes_and_nodes_that_the_cpu_gives() throws Exception {
        assertThat(run(driver, Map.of()))
                .startsWith("found: Description[name=Fake device, memory=1073741824, capability=90, driver=12060]")
                .contains("same hashes", "measured: true")
                .contains("tuned: [batch, copies, threads, beside, block, size]")
                .contains("decided: gpu and cpu, 9 copies; done: gpu and cpu, at least 1000000 bytes")
                .contains("decided: gpu and cpu, 9 copies; done: cpu, blocks of this size are not for the GPU")
                .contains("wished: gpu and cpu");
    }

    @Test
    void a_library_that_lies_in_the_temporary_folder_is_not_loaded() throws Exception {
        String library = "libJCudaDriver-12.6.0-linux-x86_64.so"; // the name under which JCuda looks for it
        Path planted = Files.writeString(folder.resolve(library), "not a library");
        assertThat(run(driver, Map.of())).contains("same hashes");
        assertThat(planted).hasContent("not a library");
        assertThat(folder)
                .isDirectoryNotContaining(file -> file.getFileName().toString().startsWith("selvage-"));
    }

    @Test
    void without_a_driver_the_search_says_so() throws Exception {
        Path none = Files.createDirectories(folder.resolve("none"));
        Files.write(none.resolve("libcuda.so.1"), new byte[0]); // hides the driver of a machine that has one
        assertThat(run(none, Map.of())).isEqualTo("absent: no CUDA driver on this machine");
    }

    @Test
    void a_driver_without_a_device_or_with_an_old_one_is_told() throws Exception {
        assertThat(run(driver, Map.of("FAKE_CUDA_DEVICES", "0"))).isEqualTo("absent: the CUDA driver has no device");
        assertThat(run(driver, Map.of("FAKE_CUDA_INIT", "100")))
                .startsWith("absent: the CUDA driver cannot be used: CUDA_ERROR_NO_DEVICE");
        assertThat(run(driver, Map.of("FAKE_CUDA_MAJOR", "7")))
                .isEqualTo("absent: no device has compute capability 8.0 or more, for which the code is made");
    }

    @Test
    void a_device_that_fails_in_the_middle_is_a_fault_of_its_own() throws Exception {
        assertThat(run(driver, Map.of("FAKE_CUDA_LAUNCHES", "40")))
                .contains("failed: Fake device failed: CUDA_ERROR_LAUNCH_FAILED");
        assertThat(run(driver, Map.of("FAKE_CUDA_MEGABYTES", "1")))
                .contains("failed: Fake device failed: CUDA_ERROR_OUT_OF_MEMORY");
    }

    @Test
    void when_a_device_fails_among_busy_lanes_the_cpu_does_the_whole_work() throws Exception {
        for (int launches : new int[] {0, 2, 7}) {
            assertThat(run(driver, Map.of("FAKE_CUDA_LAUNCHES", Integer.toString(launches)), "fall back"))
                    .contains("done: cpu, Fake device failed: CUDA_ERROR_LAUNCH_FAILED")
                    .contains("same: true, told all: true", "still at work: 0");
        }
    }

    private static String run(Path libraries, Map<String, String> environment, String... more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                GpuProgram.class.getName(),
                Files.createTempDirectory(folder, "run").toString()));
        command.addAll(List.of(more));
        var builder = new ProcessBuilder(command);
        builder.environment().put("LD_LIBRARY_PATH", libraries.toString());
        builder.environment().putAll(environment);
        var process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
