package dev.selvage.integrity.hash.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The machine's C compiler, if it has one. */
final class CCompiler {
    static final Path SOURCES = Path.of("src", "main", "cuda").toAbsolutePath();
    static final Path TEST_SOURCES = Path.of("src", "test", "c").toAbsolutePath();

    private CCompiler() {}

    /** Makes a shared library; the test is skipped, and says so, on a machine without a C compiler. */
    static Path library(Path source, Path to, String... options) throws IOException, InterruptedException {
        Optional<Path> compiler = Stream.of("cc", "gcc", "clang")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
        assumeThat(compiler)
                .as("the kernel's source is compiled for the host: this needs a C compiler")
                .isPresent();
        List<String> command = new ArrayList<>(
                List.of(compiler.get().toString(), "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared"));
        command.addAll(List.of(options));
        command.addAll(List.of("-I", SOURCES.toString(), "-o", to.toString(), source.toString()));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return to;
    }
}
