package dev.selvage.network.fabric;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.IdentityFiles;
import dev.selvage.network.org.Organisations;
import dev.selvage.network.process.ToolRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Fabric's own commands, run to their end as the right administrator. */
final class FabricCommands {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int QUOTED = 2000;

    private final FabricBinaries binaries;
    private final FabricPlan plan;
    private final Organisations organisations;
    private final FabricSettings settings;

    FabricCommands(FabricBinaries binaries, FabricPlan plan, Organisations organisations, FabricSettings settings) {
        this.binaries = binaries;
        this.plan = plan;
        this.organisations = organisations;
        this.settings = settings;
    }

    /** {@code configtxgen}: the channel's first block, unless it is there already. */
    void genesis(Path block) {
        if (Files.exists(block)) {
            return;
        }
        Path fresh = block.resolveSibling(block.getFileName() + ".new");
        run(
                Map.of("FABRIC_CFG_PATH", settings.folder().toString()),
                binaries.command("configtxgen").toString(),
                "-profile",
                plan.profile().configtx(),
                "-channelID",
                plan.channel(),
                "-outputBlock",
                fresh.toString());
        try {
            Files.move(fresh, block, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot write " + block, e);
        }
    }

    /** {@code osnadmin channel join} for one orderer. */
    void joinOrderer(int index, Path block) {
        IdentityFiles.TlsFiles admin = organisations.orderer().identity("Admin").tls();
        String answer = run(
                Map.of(),
                binaries.command("osnadmin").toString(),
                "channel",
                "join",
                "--channelID",
                plan.channel(),
                "--config-block",
                block.toString(),
                "-o",
                FabricPlan.local(plan.orderers().get(index).admin()).toString(),
                "--ca-file",
                admin.roots().toString(),
                "--client-cert",
                admin.certificate().toString(),
                "--client-key",
                admin.key().toString());
        // 405: it joined before
        if (!answer.contains("Status: 201") && !answer.contains("Status: 405")) {
            throw new SelvageException(ErrorCode.PROCESS_FAILED, "orderer" + index + " did not join: " + answer);
        }
    }

    /** {@code peer channel join}; a peer that has joined before is left alone. */
    void joinPeer(PeerPlace peer, Path block) {
        if (!peer(peer, List.of("channel", "list")).lines().toList().contains(plan.channel())) {
            peer(peer, List.of("channel", "join", "-b", block.toString()));
        }
    }

    /** {@code peer ...} as the administrator of the peer's organisation. */
    String peer(PeerPlace peer, List<String> arguments) {
        Map<String, String> environment = settings.adminEnvironment(peer);
        List<String> command = new ArrayList<>();
        command.add(binaries.command("peer").toString());
        command.addAll(arguments);
        return run(environment, command.toArray(String[]::new));
    }

    /** The flags by which {@code peer} finds the first orderer. */
    List<String> orderer() {
        return List.of(
                "-o",
                plan.orderers().get(0).address().toString(),
                "--tls",
                "--cafile",
                organisations.orderer().identity("orderer0").tls().roots().toString());
    }

    private String run(Map<String, String> environment, String... command) {
        String name = Path.of(command[0]).getFileName() + (command[1].startsWith("-") ? "" : "-" + command[1]);
        Path answer = plan.logs().resolve("command-" + name + "-" + System.nanoTime() + ".out");
        try {
            Files.createDirectories(answer.getParent());
            ToolRun run = ToolRun.of(List.of(command), environment, answer, LIMIT);
            if (!run.succeeded()) {
                throw failed(name, run, answer);
            }
            return run.text();
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.PROCESS_FAILED, "cannot run " + name + ": " + e.getMessage(), e);
        } finally {
            deleteQuietly(answer);
        }
    }

    /** What it wrote is kept as its log, in place of what the last one that failed wrote. */
    private SelvageException failed(String name, ToolRun run, Path answer) throws IOException {
        Path log = plan.logs().resolve("command-" + name + ".log");
        Files.move(answer, log, StandardCopyOption.REPLACE_EXISTING);
        String text = run.text();
        return new SelvageException(
                ErrorCode.PROCESS_FAILED,
                name.replace('-', ' ')
                        + (run.ended() ? " ended with " + run.status() : " did not end in " + LIMIT.toSeconds() + " s")
                        + " (log: " + log + "): "
                        + text.substring(Math.max(0, text.length() - QUOTED)).strip());
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            org.slf4j.LoggerFactory.getLogger(FabricCommands.class).debug("{} stays", file, e);
        }
    }
}
