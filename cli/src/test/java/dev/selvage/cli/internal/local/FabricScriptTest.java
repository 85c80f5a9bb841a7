package dev.selvage.cli.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What scripts/fabric makes of an orderer's answers, which osnadmin prints and calls a success whatever they are. */
@EnabledIf("bash")
class FabricScriptTest {
    private static final Path SCRIPT =
            Path.of("..", "scripts", "fabric").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    static boolean bash() {
        return Files.isExecutable(Path.of("/usr/bin/bash")) || Files.isExecutable(Path.of("/bin/bash"));
    }

    /** The exit status, and all that was written. */
    private String join(String answer) throws Exception {
        var env = Files.createDirectories(folder.resolve("ledger/fabric/env"));
        Files.writeString(
                env.resolve("network"),
                "CHANNEL=selvage ORDERERS=orderer0 PEERS= FABRIC_BIN='" + folder + "' ORDERER_ROOTS=r\n"
                        + "ORDERER_ADMIN_CERTIFICATE=c ORDERER_ADMIN_KEY=k\n");
        Files.writeString(env.resolve("orderer0"), "ORDERER_ADMIN_LISTENADDRESS=127.0.0.1:7053\n");
        var tool = Files.writeString(folder.resolve("osnadmin"), "#!/bin/sh\n" + answer + "\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
        var builder = new ProcessBuilder(SCRIPT.toString(), "join-orderer", "orderer0").redirectErrorStream(true);
        builder.environment().put("SELVAGE_DATA", folder.toString());
        var process = builder.start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + " " + said;
    }

    @Test
    void orderer_that_joined_or_had_joined_is_a_success() throws Exception {
        assertThat(join("echo 'Status: 201'")).startsWith("0 Status: 201");
        assertThat(join("echo 'Status: 405'; echo '{\"error\": \"channel already exists\"}'"))
                .startsWith("0 Status: 405");
    }

    @Test
    void orderer_that_refuses_is_a_failure() throws Exception {
        assertThat(join("echo 'Status: 400'; echo '{\"error\": \"invalid join block\"}'"))
                .startsWith("1 Status: 400")
                .contains("invalid join block")
                .contains("PROCESS_FAILED orderer0 did not join the channel.");
        assertThat(join("echo 'connection refused'; exit 3"))
                .startsWith("1 PROCESS_FAILED osnadmin: connection refused");
    }
}
