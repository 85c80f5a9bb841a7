package dev.selvage.cli.internal;

import dev.selvage.cli.internal.local.ForeignIdentity;
import dev.selvage.cli.internal.local.ForeignNetwork;
import dev.selvage.cli.internal.local.WholeFile;
import dev.selvage.formats.config.HostPort;
import dev.selvage.formats.config.KeyPairFiles;
import dev.selvage.formats.config.LedgerAccess;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.formats.config.NodeFile;
import dev.selvage.formats.config.Profile;
import dev.selvage.formats.config.ProfileFile;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = {
            "Write a profile for a network that somebody else runs, from a connection profile of Fabric's and an identity.",
            "With --node also the file of a node there."
        })
final class NetworkImport extends BaseCommand {
    @Parameters(index = "0", paramLabel = "FILE", description = "The connection profile, JSON or YAML.")
    private Path connection;

    @Option(
            names = "--identity",
            required = true,
            paramLabel = "DIR|FILE",
            description = "An MSP folder, a wallet's .id file, or with --label a wallet's folder.")
    private Path identity;

    @Option(names = "--label", paramLabel = "NAME", description = "The identity's name in the wallet.")
    private String label;

    @Option(
            names = "--organization",
            paramLabel = "NAME",
            description = "Which organisation of the connection profile (default: the client's).")
    private String organisation;

    @Option(names = "--channel", required = true, paramLabel = "NAME", description = "The channel.")
    private String channel;

    @Option(
            names = "--chaincode",
            paramLabel = "NAME",
            defaultValue = "off-chain-compute",
            description = "The contract's name there (default ${DEFAULT-VALUE}).")
    private String chaincode;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for the files.")
    private Path out;

    @ArgGroup(exclusive = false)
    private Node node;

    /** A node of the organisation. */
    static final class Node {
        @Option(names = "--node", required = true, paramLabel = "NAME", description = "The node's name.")
        private String name;

        @Option(
                names = "--listen",
                required = true,
                paramLabel = "HOST:PORT",
                description = "Where other nodes and its owner's commands reach it.")
        private String listen;

        @Option(names = "--tls-cert", required = true, paramLabel = "FILE", description = "Its TLS certificate, PEM.")
        private Path certificate;

        @Option(names = "--tls-key", required = true, paramLabel = "FILE", description = "Its TLS key, PEM.")
        private Path key;
    }

    @Override
    int run(Session session) {
        var folder = out.toAbsolutePath().normalize();
        var network = ForeignNetwork.read(connection, organisation);
        var pair = ForeignIdentity.find(identity.toAbsolutePath().normalize(), label, network.msp(), folder);
        var roots = network.roots().map(pem -> {
            var file = folder.resolve("ca.pem");
            WholeFile.write(file, pem);
            return file;
        });
        network.left()
                .forEach(peer -> session.progress(
                        peer + " is left out: it uses TLS and the first peer does not, or the other way round"));
        var ledger = new LedgerAccess(network.peers(), roots, network.serverNames());
        var profile = folder.resolve("profile.yaml");
        var answer = CanonicalJson.object().put("profile", profile.toString()).put("msp", network.msp());
        Map<NodeId, Path> nodes = Map.of();
        if (node != null) {
            var config = config(folder, network.msp(), ledger, pair);
            WholeFile.write(config.file(), NodeFile.write(config));
            nodes = Map.of(config.node(), config.file());
            answer.put("node", config.file().toString());
        }
        WholeFile.write(
                profile,
                ProfileFile.write(
                        profile, new Profile("profile", ledger, network.msp(), pair, channel, chaincode, nodes)));
        session.answer(
                answer,
                () -> "Profile of " + network.msp() + " on channel " + channel + ": " + profile
                        + (node == null ? "" : "\nNode file: " + folder.resolve("node.yaml"))
                        + "\nTry: selvage workflow list --profile " + profile);
        return ExitStatus.DONE;
    }

    private NodeConfig config(Path folder, String msp, LedgerAccess ledger, KeyPairFiles pair) {
        var listen = HostPort.parse(node.listen);
        if (listen == null) {
            throw new SelvageException(ErrorCode.USAGE, "\"" + node.listen + "\" is no address such as 10.0.0.5:7071.");
        }
        return new NodeConfig(
                folder.resolve("node.yaml"),
                new NodeId(msp, node.name),
                pair,
                new KeyPairFiles(absolute(node.certificate), absolute(node.key)),
                ledger,
                List.of(new NodeConfig.Follow(channel, chaincode)),
                listen,
                listen,
                Optional.empty(),
                folder.resolve("data"),
                folder.resolve("engines"),
                NodeConfig.Capacity.ofThisMachine(),
                NodeConfig.Limits.DEFAULT,
                NodeConfig.Retention.DEFAULT);
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
