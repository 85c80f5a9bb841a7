package dev.selvage.formats.config;

import dev.selvage.model.NodeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A node's configuration. Paths are absolute.
 *
 * @param file where it was read
 * @param node the node's id on the channel
 * @param identity signing certificate and key
 * @param tls certificate and key of the peer links
 * @param follow the contracts whose events it takes
 * @param listen where peer links are served
 * @param advertise the address that other nodes are told
 * @param monitor where metrics and health are served over plain HTTP; empty: nowhere
 * @param data journal, read model, content and working directories
 * @param engines the folder of engine files
 * @param capacity what engines may use together
 */
public record NodeConfig(
        Path file,
        NodeId node,
        KeyPairFiles identity,
        KeyPairFiles tls,
        LedgerAccess ledger,
        List<Follow> follow,
        HostPort listen,
        HostPort advertise,
        Optional<HostPort> monitor,
        Path data,
        Path engines,
        Capacity capacity,
        Limits limits,
        Retention retention) {

    public NodeConfig {
        follow = List.copyOf(follow);
        if (follow.isEmpty()) {
            throw new IllegalArgumentException("a node follows at least one contract");
        }
    }

    /** A contract on a channel. */
    public record Follow(String channel, String chaincode) {
        public static final Follow DEFAULT = new Follow("selvage", "off-chain-compute");
    }

    /**
     * Resources of the machine that engines may use together.
     *
     * @param cpus thousandths of a core
     * @param memory bytes
     * @param storage bytes
     */
    public record Capacity(long cpus, long memory, long storage) {
        /** All cores of this machine, 2 GiB of memory, 10 GiB of storage. */
        public static Capacity ofThisMachine() {
            return new Capacity(Runtime.getRuntime().availableProcessors() * 1000L, 2L << 30, 10L << 30);
        }
    }

    /**
     * Bounds of what the node takes on.
     *
     * @param queue parts that may wait for resources
     * @param transactions result transactions in flight
     * @param batch results in one transaction
     * @param fetches inputs fetched at a time
     * @param input bytes of one input
     */
    public record Limits(int queue, int transactions, int batch, int fetches, long input) {
        public static final Limits DEFAULT = new Limits(10_000, 8, 40, 8, 4L << 30);
    }

    /**
     * How long things that are no longer needed stay. Certified results in use are never removed.
     *
     * @param content of finished tasks
     * @param contentSize bytes of content of finished tasks, the oldest going first
     * @param journal entries of finished tasks
     */
    public record Retention(Duration content, long contentSize, Duration journal) {
        public static final Retention DEFAULT = new Retention(Duration.ofDays(30), 10L << 30, Duration.ofDays(90));
    }
}
