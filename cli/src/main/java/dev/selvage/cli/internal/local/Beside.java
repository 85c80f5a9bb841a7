package dev.selvage.cli.internal.local;

import java.util.Map;

/** What a command starts beside the ledger, while that starts. */
public interface Beside {
    Beside NOTHING = new Beside() {
        @Override
        public Map<Integer, String> ports(NetworkPorts ports) {
            return Map.of();
        }

        @Override
        public void start() {}
    };

    /** The ports that it wants, here or later, and what for: they are looked at before anything is started. */
    Map<Integer, String> ports(NetworkPorts ports);

    /** Starts what does not need the ledger. */
    void start();
}
