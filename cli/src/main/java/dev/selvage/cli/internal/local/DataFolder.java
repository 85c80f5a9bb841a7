package dev.selvage.cli.internal.local;

import java.nio.file.Path;

/**
 * The layout of {@code selvage-data}: all state of the network and nodes that the commands start on this machine.
 *
 * @param root its folder, absolute
 */
public record DataFolder(Path root) {
    public Path ledger() {
        return root.resolve("ledger");
    }

    public Path nodes() {
        return root.resolve("nodes");
    }

    public Path engines() {
        return root.resolve("engines");
    }

    public Path pids() {
        return root.resolve("pids");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    /** Where native Fabric's orderers and peers write. */
    public Path fabricLogs() {
        return ledger().resolve("fabric").resolve("logs");
    }

    public Path profiles() {
        return root.resolve("profiles");
    }

    public Path profile() {
        return profiles().resolve("local.yaml");
    }
}
