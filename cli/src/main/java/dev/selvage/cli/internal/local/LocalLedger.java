package dev.selvage.cli.internal.local;

import dev.selvage.formats.config.KeyPairFiles;
import dev.selvage.formats.config.LedgerAccess;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.formats.config.Profile;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.network.EmbeddedLedgerConfig;
import dev.selvage.network.LedgerAdmin;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.Organisations;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The ledger of a data folder: its organisations, and how each of their identities reaches it. */
public final class LocalLedger {
    public static final String USER = "User1";
    public static final String ADMIN = "Admin";
    public static final String NODE = "node1";

    private final DataFolder data;
    private final NetworkSettings settings;
    private final NetworkPorts ports;
    private final Organisations organisations;

    private LocalLedger(DataFolder data, NetworkSettings settings, Organisations organisations) {
        this.data = data;
        this.settings = settings;
        this.ports = settings.ports();
        this.organisations = organisations;
    }

    /** The ledger of a data folder; its organisations are made if they are not there yet. */
    static LocalLedger make(DataFolder data) {
        var settings = NetworkSettings.read(data);
        return new LocalLedger(data, settings, Organisations.open(folder(data), settings.plan(), Clock.systemUTC()));
    }

    /**
     * The ledger of a data folder as it is.
     *
     * @throws SelvageException FILE_UNREADABLE when there is none
     */
    static LocalLedger open(DataFolder data) {
        return new LocalLedger(data, NetworkSettings.read(data), Organisations.open(folder(data), Clock.systemUTC()));
    }

    private static Path folder(DataFolder data) {
        return data.ledger().resolve("crypto");
    }

    /** How the embedded ledger of a data folder is configured. */
    static EmbeddedLedgerConfig config(DataFolder data, NetworkSettings settings) {
        var usual = EmbeddedLedgerConfig.of(data.ledger(), settings.plan());
        return new EmbeddedLedgerConfig(
                data.ledger().resolve("store"),
                data.ledger().resolve("crypto"),
                usual.channel(),
                usual.organisations(),
                usual.host(),
                IntStream.range(0, settings.organisations())
                        .mapToObj(i -> settings.ports().peer(i).port())
                        .toList(),
                settings.ports().orderer().port(),
                usual.batchTimeout(),
                usual.batchTransactions(),
                usual.executeTimeout(),
                usual.gatewayLimit());
    }

    public List<Organisation> organisations() {
        return organisations.peers();
    }

    /** The organisation of that MSP. */
    public Organisation organisation(String msp) {
        return organisations.get(msp);
    }

    /** A client of the ledger's own service; to be closed. */
    public LedgerAdmin admin() {
        var first = organisations().get(0);
        var peer = ports.peer(0);
        return LedgerAdmin.connect(
                new dev.selvage.network.org.HostPort(peer.host(), peer.port()),
                first.identity(ADMIN).tls().roots());
    }

    /** How the identities of an organisation reach their peers. */
    public LedgerAccess access(Organisation organisation) {
        int place = organisations().indexOf(organisation);
        return new LedgerAccess(
                IntStream.range(0, settings.peers())
                        .mapToObj(number -> ports.peer(place, number))
                        .toList(),
                Optional.of(organisation.identity(USER).tls().roots()),
                // several peers have no name in common, only the address
                settings.peers() == 1 ? Optional.of("peer0." + organisation.domain()) : Optional.empty());
    }

    /**
     * The profile of a user.
     *
     * @param name of the profile
     * @param user {@link #USER} or {@link #ADMIN}
     */
    public Profile profile(String name, Organisation organisation, String user) {
        var files = organisation.identity(user);
        return new Profile(
                name,
                access(organisation),
                organisation.msp(),
                new KeyPairFiles(files.certificate(), files.key()),
                NodeConfig.Follow.DEFAULT.channel(),
                NodeConfig.Follow.DEFAULT.chaincode(),
                nodes());
    }

    /** The configuration files of the nodes of this machine. */
    public Map<NodeId, Path> nodes() {
        Map<NodeId, Path> nodes = new LinkedHashMap<>();
        for (var organisation : organisations()) {
            nodes.put(node(organisation), nodeFolder(organisation).resolve("node.yaml"));
        }
        return nodes;
    }

    /** The organisation's node. */
    public NodeId node(Organisation organisation) {
        return new NodeId(organisation.msp(), NODE);
    }

    public Path nodeFolder(Organisation organisation) {
        return data.nodes().resolve(shortName(organisation));
    }

    /** {@code ewr} of EwrMSP. */
    public static String shortName(Organisation organisation) {
        return shortName(organisation.domain());
    }

    static String shortName(String domain) {
        return domain.substring(0, domain.indexOf('.'));
    }

    /** What the organisation's node is configured with. */
    public NodeConfig nodeConfig(Organisation organisation) {
        var files = organisation.identity(NODE);
        var folder = nodeFolder(organisation);
        int place = organisations().indexOf(organisation);
        var address = ports.node(place);
        return new NodeConfig(
                folder.resolve("node.yaml"),
                node(organisation),
                new KeyPairFiles(files.certificate(), files.key()),
                new KeyPairFiles(files.tls().certificate(), files.tls().key()),
                access(organisation),
                List.of(NodeConfig.Follow.DEFAULT),
                address,
                address,
                Optional.of(ports.monitor(place)),
                folder,
                folder.resolve("engines"),
                NodeConfig.Capacity.ofThisMachine(),
                NodeConfig.Limits.DEFAULT,
                NodeConfig.Retention.DEFAULT);
    }
}
