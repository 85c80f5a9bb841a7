package dev.selvage.formats.config;

import dev.selvage.formats.YamlMap;
import dev.selvage.formats.YamlText;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads and writes a user's profile (docs/profile-file.md). */
public final class ProfileFile {
    public static final String FORMAT = "profile/v1";
    /** What the environment may set, by {@code SELVAGE_PROFILE_} and the path in capitals with "_" for ".". */
    public static final List<String> OVERRIDABLE = List.of(
            "ledger.endpoint",
            "ledger.tlsRoot",
            "ledger.serverName",
            "identity.msp",
            "identity.certificate",
            "identity.key",
            "channel",
            "chaincode");

    static final String PREFIX = "SELVAGE_PROFILE";

    private ProfileFile() {}

    /**
     * Reads a profile.
     *
     * @param environment variables that override the file, usually {@link System#getenv()}
     * @throws SelvageException FILE_UNREADABLE, SECRET_IN_FILE or CONFIG_INVALID with every problem
     */
    public static Profile read(Path file, Map<String, String> environment) {
        var settings = new Settings(file, FORMAT, PREFIX, OVERRIDABLE, environment);
        var root = settings.root();
        var ledger = settings.ledger(root.required("ledger").map());
        var identity = root.required("identity").map();
        var msp = identity.required("msp").name();
        var keyPair = settings.keyPair(identity);
        identity.refuseUnknownKeys();
        var channel = root.optional("channel").name();
        var chaincode = root.optional("chaincode").name();
        var nodes = nodes(settings, root.optional("nodes").map());
        root.refuseUnknownKeys();
        var profile = settings.problems()
                .build(
                        root,
                        () -> new Profile(
                                nameOf(file),
                                ledger,
                                msp,
                                keyPair,
                                channel == null ? NodeConfig.Follow.DEFAULT.channel() : channel,
                                chaincode == null ? NodeConfig.Follow.DEFAULT.chaincode() : chaincode,
                                nodes));
        settings.problems().throwIfAny();
        return profile;
    }

    private static Map<NodeId, Path> nodes(Settings settings, YamlMap map) {
        Map<NodeId, Path> nodes = new LinkedHashMap<>();
        map.each(settings::path).forEach((name, path) -> {
            var node = settings.problems().attempt(map, () -> NodeId.parse(name));
            if (node != null) {
                nodes.put(node, path);
            }
        });
        return nodes;
    }

    private static String nameOf(Path file) {
        var name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    /**
     * The text of a profile, with paths as seen from its file.
     *
     * @param file where it will stand
     */
    public static String write(Path file, Profile profile) {
        var base = file.toAbsolutePath().normalize().getParent();
        var map = CanonicalJson.object();
        map.put("selvage", FORMAT);
        map.set("ledger", Settings.write(base, profile.ledger()));
        map.putObject("identity").put("msp", profile.msp()).setAll(Settings.write(base, profile.identity()));
        map.put("channel", profile.channel()).put("chaincode", profile.chaincode());
        if (!profile.nodes().isEmpty()) {
            var nodes = map.putObject("nodes");
            new TreeMap<>(profile.nodes())
                    .forEach((node, config) -> nodes.put(node.toString(), Settings.relative(base, config)));
        }
        return YamlText.of(map);
    }
}
