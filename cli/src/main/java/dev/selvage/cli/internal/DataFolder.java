package dev.selvage.cli.internal;

import java.nio.file.Path;

/**
 * The layout of {@code selvage-data}: all state of the network and nodes that the commands start on this machine.
 *
 * @param root its folder, absolute
 */
record DataFolder(Path root) {
    Path ledger() {
        return root.resolve("ledger");
    }

    Path nodes() {
        return root.resolve("nodes");
    }

    Path engines() {
        return root.resolve("engines");
    }

    Path pids() {
        return root.resolve("pids");
    }

    Path logs() {
        return root.resolve("logs");
    }

    Path profiles() {
        return root.resolve("profiles");
    }

    Path profile() {
        return profiles().resolve("local.yaml");
    }
}
