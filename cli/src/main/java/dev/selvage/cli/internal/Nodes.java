package dev.selvage.cli.internal;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.nio.file.Path;
import java.util.TreeMap;

/** Finds the configuration of a node of this machine. */
final class Nodes {
    private Nodes() {}

    /**
     * The configuration file.
     *
     * @param node as written by a person; null for the only one of the user's organisation
     * @param file named by an option, which wins; may be null
     * @throws SelvageException NODE_UNKNOWN
     */
    static Path file(Session session, String node, Path file) {
        if (file != null) {
            return file.toAbsolutePath().normalize();
        }
        var profile = session.profile();
        var known = new TreeMap<>(profile.nodes());
        if (node != null) {
            var found = known.get(NodeId.parse(node));
            if (found == null) {
                throw new SelvageException(
                        ErrorCode.NODE_UNKNOWN,
                        "The profile \"" + profile.name() + "\" knows no node " + node + " on this machine, only "
                                + known.keySet() + "; name its file with --config.");
            }
            return found;
        }
        var own = known.keySet().stream()
                .filter(id -> id.msp().equals(profile.msp()))
                .toList();
        if (own.size() != 1) {
            throw new SelvageException(
                    ErrorCode.USAGE,
                    "Say which node: " + (own.isEmpty() ? known.keySet() : own) + ", or name its file with --config.");
        }
        return known.get(own.get(0));
    }
}
