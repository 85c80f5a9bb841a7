package dev.selvage.cli.internal.quickstart;

import dev.selvage.cli.internal.local.Distribution;
import dev.selvage.cli.internal.local.LocalNetwork;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The quickstart. */
public final class Quickstart {
    private final Path examples;
    private final LocalNetwork network;
    private final Distribution distribution;
    private final Consumer<String> progress;

    public Quickstart(Path examples, LocalNetwork network, Distribution distribution, Consumer<String> progress) {
        this.examples = examples;
        this.network = network;
        this.distribution = distribution;
        this.progress = progress;
    }

    public void run() {
        var ledger = network.up(null);
        progress.accept("ledger up");
        new NycEngines(examples, network, distribution, Python.isThere()).prepare();
        progress.accept("engines up");
        for (var organisation : ledger.organisations()) {
            network.startNode(ledger.nodeConfig(organisation), distribution.engine("nyc-delays"));
        }
        for (var organisation : ledger.organisations()) {
            network.awaitNode(ledger.nodeConfig(organisation));
        }
        progress.accept("nodes up");
    }
}
