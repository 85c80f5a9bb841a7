package dev.selvage.formats.config;

import dev.selvage.formats.Problems;
import dev.selvage.formats.Units;
import dev.selvage.formats.YamlMap;
import dev.selvage.formats.YamlText;
import dev.selvage.formats.YamlValue;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and writes {@code node.yaml} (docs/node-file.md). */
public final class NodeFile {
    public static final String FORMAT = "node/v1";
    /** What the environment may set, by {@code SELVAGE_NODE_} and the path in capitals with "_" for ".". */
    public static final List<String> OVERRIDABLE = List.of(
            "node",
            "identity.certificate",
            "identity.key",
            "tls.certificate",
            "tls.key",
            "ledger.endpoint",
            "ledger.tlsRoot",
            "ledger.serverName",
            "listen",
            "advertise",
            "monitor",
            "data",
            "engines",
            "capacity.cpus",
            "capacity.memory",
            "capacity.storage");

    static final String PREFIX = "SELVAGE_NODE";

    private final Settings settings;
    private final Problems problems;

    private NodeFile(Settings settings) {
        this.settings = settings;
        this.problems = settings.problems();
    }

    /**
     * Reads a node's configuration.
     *
     * @param environment variables that override the file, usually {@link System#getenv()}
     * @throws SelvageException FILE_UNREADABLE, SECRET_IN_FILE or CONFIG_INVALID with every problem
     */
    public static NodeConfig read(Path file, Map<String, String> environment) {
        var reader = new NodeFile(new Settings(file, FORMAT, PREFIX, OVERRIDABLE, environment));
        var config = reader.config();
        reader.problems.throwIfAny();
        return config;
    }

    private NodeConfig config() {
        var root = settings.root();
        var node = node(root.required("node"));
        var identity = keyPair(root, "identity");
        var tls = keyPair(root, "tls");
        var ledger = settings.ledger(root.required("ledger").map());
        var follow = root.has("follow")
                ? root.required("follow").list().each(this::follow)
                : List.of(NodeConfig.Follow.DEFAULT);
        var listen = settings.address(root.required("listen"));
        var advertise = settings.address(root.optional("advertise"));
        var monitor = Optional.ofNullable(settings.address(root.optional("monitor")));
        var data = folder(root.optional("data"), "data");
        var engines = folder(root.optional("engines"), "engines");
        var capacity = capacity(root.optional("capacity").map());
        var limits = limits(root.optional("limits").map());
        var retention = retention(root.optional("retention").map());
        root.refuseUnknownKeys();
        return problems.build(
                root,
                () -> new NodeConfig(
                        settings.file(),
                        node,
                        identity,
                        tls,
                        ledger,
                        follow,
                        listen,
                        advertise == null ? listen : advertise,
                        monitor,
                        data,
                        engines,
                        capacity,
                        limits,
                        retention));
    }

    private static NodeId node(YamlValue value) {
        return value.parsed(NodeId::parse);
    }

    private KeyPairFiles keyPair(YamlMap root, String key) {
        var map = root.required(key).map();
        var pair = settings.keyPair(map);
        map.refuseUnknownKeys();
        return pair;
    }

    private NodeConfig.Follow follow(YamlValue item) {
        var map = item.map();
        var channel = map.required("channel").name();
        var chaincode = map.required("chaincode").name();
        map.refuseUnknownKeys();
        return problems.build(map, () -> new NodeConfig.Follow(channel, chaincode));
    }

    private Path folder(YamlValue value, String fallback) {
        var path = settings.path(value);
        return path == null ? settings.file().resolveSibling(fallback) : path;
    }

    private static NodeConfig.Capacity capacity(YamlMap map) {
        var machine = NodeConfig.Capacity.ofThisMachine();
        var capacity = new NodeConfig.Capacity(
                map.optional("cpus").cpus(machine.cpus()),
                map.optional("memory").size(machine.memory()),
                map.optional("storage").size(machine.storage()));
        map.refuseUnknownKeys();
        return capacity;
    }

    private static NodeConfig.Limits limits(YamlMap map) {
        var standard = NodeConfig.Limits.DEFAULT;
        var limits = new NodeConfig.Limits(
                (int) map.optional("queue").integer(standard.queue(), 1, 1_000_000),
                (int) map.optional("transactions").integer(standard.transactions(), 1, 64),
                (int) map.optional("batch").integer(standard.batch(), 1, 40),
                (int) map.optional("fetches").integer(standard.fetches(), 1, 256),
                map.optional("input").size(standard.input()));
        map.refuseUnknownKeys();
        return limits;
    }

    private static NodeConfig.Retention retention(YamlMap map) {
        var standard = NodeConfig.Retention.DEFAULT;
        var retention = new NodeConfig.Retention(
                map.optional("content").duration(standard.content()),
                map.optional("contentSize").size(standard.contentSize()),
                map.optional("journal").duration(standard.journal()));
        map.refuseUnknownKeys();
        return retention;
    }

    /** The text of a configuration, with paths as seen from its file. */
    public static String write(NodeConfig config) {
        var base = config.file().getParent();
        var map = CanonicalJson.object();
        map.put("selvage", FORMAT).put("node", config.node().toString());
        map.set("identity", Settings.write(base, config.identity()));
        map.set("tls", Settings.write(base, config.tls()));
        map.set("ledger", Settings.write(base, config.ledger()));
        var follow = map.putArray("follow");
        config.follow()
                .forEach(it -> follow.addObject().put("channel", it.channel()).put("chaincode", it.chaincode()));
        map.put("listen", config.listen().toString());
        if (!config.advertise().equals(config.listen())) {
            map.put("advertise", config.advertise().toString());
        }
        config.monitor().ifPresent(monitor -> map.put("monitor", monitor.toString()));
        map.put("data", Settings.relative(base, config.data()));
        map.put("engines", Settings.relative(base, config.engines()));
        var capacity = map.putObject("capacity");
        capacity.set("cpus", Units.writeCpus(config.capacity().cpus()));
        capacity.put("memory", Units.writeSize(config.capacity().memory()))
                .put("storage", Units.writeSize(config.capacity().storage()));
        if (!config.limits().equals(NodeConfig.Limits.DEFAULT)) {
            map.putObject("limits")
                    .put("queue", config.limits().queue())
                    .put("transactions", config.limits().transactions())
                    .put("batch", config.limits().batch())
                    .put("fetches", config.limits().fetches())
                    .put("input", Units.writeSize(config.limits().input()));
        }
        if (!config.retention().equals(NodeConfig.Retention.DEFAULT)) {
            map.putObject("retention")
                    .put(
                            "content",
                            Units.writeMillis(config.retention().content().toMillis()))
                    .put("contentSize", Units.writeSize(config.retention().contentSize()))
                    .put(
                            "journal",
                            Units.writeMillis(config.retention().journal().toMillis()));
        }
        return YamlText.of(map);
    }
}
