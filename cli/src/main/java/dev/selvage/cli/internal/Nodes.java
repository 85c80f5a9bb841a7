package dev.selvage.cli.internal;

import dev.selvage.cli.internal.local.EngineFolder;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.formats.config.NodeFile;
import dev.selvage.formats.config.Profile;
import dev.selvage.formats.config.ProfileFile;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.Operation;
import dev.selvage.model.SelvageException;
import dev.selvage.model.Suggestion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeMap;

/** Finds the configuration of a node of this machine. */
final class Nodes {
    private Nodes() {}

    /**
     * Who acts as the owner of a node: the profile that was named, else the admin of the node's organisation on the local network, else
     * the user's own profile.
     */
    static Profile owner(Session session, NodeConfig config) {
        if (!session.profileNamed()) {
            var admin =
                    session.data().profiles().resolve(shortName(config.node().msp()) + "-admin.yaml");
            if (Files.exists(admin)) {
                return ProfileFile.read(admin, session.environment());
            }
        }
        return session.profile();
    }

    /** The profile of an organisation's user on the local network; it may not be there. */
    static Path userProfile(Session session, String msp) {
        return session.data().profiles().resolve(shortName(msp) + ".yaml");
    }

    private static String shortName(String msp) {
        return msp.endsWith("MSP") ? msp.substring(0, msp.length() - 3).toLowerCase(Locale.ROOT) : msp;
    }

    /**
     * An operation that a node of this machine knows.
     *
     * @throws SelvageException NO_ENGINE
     */
    static Operation operation(NodeConfig config, String id) {
        var known = new EngineFolder(config, name -> null).operations();
        var operation = known.get(id);
        if (operation == null) {
            var near = Suggestion.among(id, known.keySet());
            throw new SelvageException(
                    ErrorCode.NO_ENGINE,
                    config.node() + " does not know the operation \"" + id + "\""
                            + (near.isEmpty()
                                    ? "; put its file into " + config.engines().resolve("operations") + "."
                                    : near));
        }
        return operation;
    }

    /** The configuration, found as {@link #file} says. */
    static NodeConfig config(Session session, String node, Path file) {
        return NodeFile.read(file(session, node, file), session.environment());
    }

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
