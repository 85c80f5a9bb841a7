package dev.selvage.cli.internal;

import dev.selvage.cli.internal.local.WholeFile;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Names;
import dev.selvage.model.SelvageException;
import dev.selvage.network.fabric.ChaincodePackage;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "package",
        description = {
            "Write the package by which peers find a chaincode that runs as a service: \"peer lifecycle chaincode install\" takes it.",
            "It needs no network here. With a client's key inside it is readable by you alone and stays with your organisation."
        })
final class ChaincodePackageCommand extends BaseCommand {
    /** A host, an address or places that the peer's builder fills, then a port or such a place. */
    private static final Pattern ADDRESS = Pattern.compile(
            "(?:[A-Za-z0-9._-]|\\{\\{\\.[A-Za-z0-9_]{1,64}\\}\\}){1,253}(?::(?:[0-9]{1,5}|\\{\\{\\.[A-Za-z0-9_]{1,64}\\}\\}))?");

    @Parameters(index = "0", paramLabel = "NAME", description = "The package's label; the chaincode's name is usual.")
    private String name;

    @Option(
            names = "--address",
            required = true,
            paramLabel = "HOST:PORT",
            description = {
                "Where the organisation's peers reach the server. Places such as {{.peer}} are filled by each peer's external",
                "builder from CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG, so that one package serves several peers."
            })
    private String address;

    @ArgGroup(exclusive = false)
    private Tls tls;

    /** How the server is known, and what it is shown. */
    static final class Tls {
        @Option(
                names = "--tls-root",
                required = true,
                paramLabel = "FILE",
                description = "PEM roots by which peers know the server; without it there is no TLS.")
        private Path roots;

        @ArgGroup(exclusive = false)
        private Client client;
    }

    /** Mutual TLS. */
    static final class Client {
        @Option(
                names = "--client-cert",
                required = true,
                paramLabel = "FILE",
                description = "PEM certificate that peers show the server, for mutual TLS.")
        private Path certificate;

        @Option(names = "--client-key", required = true, paramLabel = "FILE", description = "Its key, PEM.")
        private Path key;
    }

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write it (default NAME.tar.gz).")
    private Path out;

    @Override
    int run(Session session) {
        Names.component("The label", name);
        if (!ADDRESS.matcher(address).matches()) {
            throw new SelvageException(
                    ErrorCode.USAGE,
                    "\"" + address + "\" is no address such as cc.org1.example:9999 or {{.peer}}-cc:9999.");
        }
        var pack = tls == null
                ? ChaincodePackage.plain(name, address)
                : ChaincodePackage.withTls(
                        name,
                        address,
                        tls.roots,
                        Optional.ofNullable(tls.client)
                                .map(client -> new ChaincodePackage.ClientFiles(client.certificate, client.key)));
        var file = out == null ? Path.of(name + ".tar.gz") : out;
        WholeFile.writeSecret(file.toAbsolutePath(), pack.bytes());
        session.answer(
                CanonicalJson.object().put("packageId", pack.id()).put("file", file.toString()),
                () -> "Package " + pack.id() + " is in " + file
                        + ". Install it on each peer of the organisation: peer lifecycle chaincode install " + file);
        return ExitStatus.DONE;
    }
}
