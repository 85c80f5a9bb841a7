package dev.selvage.cli.internal.local;

import dev.selvage.formats.Problems;
import dev.selvage.formats.Yaml;
import dev.selvage.formats.YamlMap;
import dev.selvage.formats.config.HostPort;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A network that somebody else runs, as a connection profile of Fabric's (JSON or YAML) tells of it to one organisation.
 *
 * @param msp the organisation
 * @param peers where its peers listen, in the profile's order
 * @param roots PEM certificates by which they are known, of all of them; empty where the profile says {@code grpc://}
 * @param serverNames the names in the peers' certificates, one for all or one for each; none where all are the hosts'
 * @param left peers that speak TLS where the first does not, or the other way round
 */
public record ForeignNetwork(
        String msp, List<HostPort> peers, Optional<String> roots, List<String> serverNames, List<String> left) {
    private static final int LARGEST_PEM = 256 * 1024;

    /** One peer of the profile. */
    private record Peer(
            String name, HostPort address, boolean tls, Optional<String> roots, Optional<String> serverName) {}

    /**
     * Reads a connection profile.
     *
     * @param organisation its name there; null for the client's own, or the only one
     * @throws SelvageException CONFIG_INVALID with every problem; FILE_UNREADABLE
     */
    public static ForeignNetwork read(Path file, String organisation) {
        var problems = new Problems(ErrorCode.CONFIG_INVALID, "");
        var root = Yaml.read(file, problems).map();
        problems.throwIfAny();
        var organisations = root.required("organizations").map();
        var name = organisation == null ? own(root, organisations) : organisation;
        if (name == null || !organisations.has(name)) {
            throw new SelvageException(
                    ErrorCode.CONFIG_INVALID,
                    file + " has no organisation \"" + name + "\", only " + organisations.keys() + ".");
        }
        var own = organisations.required(name).map();
        var msp = own.required("mspid").string();
        List<Peer> peers = new ArrayList<>();
        for (var peer : own.required("peers").list().each(value -> value.string())) {
            var entry = root.required("peers").map().required(peer);
            problems.throwIfAny();
            peers.add(peer(file, peer, entry.map()));
        }
        problems.throwIfAny();
        if (peers.isEmpty()) {
            throw new SelvageException(ErrorCode.CONFIG_INVALID, file + " names no peer of " + name + ".");
        }
        var first = peers.get(0);
        var same = peers.stream().filter(peer -> peer.tls() == first.tls()).toList();
        var roots = same.stream()
                .flatMap(peer -> peer.roots().stream())
                .map(pem -> pem.strip() + "\n")
                .distinct()
                .collect(Collectors.joining());
        var names = same.stream()
                .map(peer -> peer.serverName().orElse(peer.address().host()))
                .toList();
        boolean named = same.stream().anyMatch(peer -> peer.serverName().isPresent());
        return new ForeignNetwork(
                msp,
                same.stream().map(Peer::address).toList(),
                Optional.of(roots).filter(pem -> !pem.isEmpty()),
                !named ? List.of() : Set.copyOf(names).size() == 1 ? names.subList(0, 1) : names,
                peers.stream()
                        .filter(peer -> !same.contains(peer))
                        .map(Peer::name)
                        .toList());
    }

    private static String own(YamlMap root, YamlMap organisations) {
        var client = root.optional("client");
        if (client.present() && client.map().optional("organization").present()) {
            return client.map().optional("organization").string();
        }
        return organisations.keys().size() == 1
                ? organisations.keys().iterator().next()
                : null;
    }

    private static Peer peer(Path file, String name, YamlMap peer) {
        var text = peer.required("url").string();
        URI url;
        try {
            url = URI.create(String.valueOf(text));
        } catch (IllegalArgumentException e) {
            throw new SelvageException(ErrorCode.CONFIG_INVALID, file + ": " + name + " has no url.", e);
        }
        boolean tls = "grpcs".equals(url.getScheme());
        if ((!tls && !"grpc".equals(url.getScheme())) || url.getHost() == null || url.getPort() < 0) {
            throw new SelvageException(
                    ErrorCode.CONFIG_INVALID,
                    file + ": the url of " + name + " is \"" + text + "\", not like grpcs://localhost:7051.");
        }
        var options = peer.optional("grpcOptions");
        var override = options.present()
                ? options.map().optional("ssl-target-name-override").string(null)
                : null;
        return new Peer(
                name,
                new HostPort(url.getHost(), url.getPort()),
                tls,
                tls ? Optional.of(roots(file, name, peer)) : Optional.empty(),
                Optional.ofNullable(override).filter(other -> tls && !other.equals(url.getHost())));
    }

    private static String roots(Path file, String name, YamlMap peer) {
        var certificates = peer.required("tlsCACerts").map();
        var pem = certificates.optional("pem");
        if (pem.present()) {
            return pem.isList() ? String.join("\n", pem.list().each(value -> value.string())) : pem.string();
        }
        var path = certificates.required("path").string();
        if (path == null) {
            throw new SelvageException(
                    ErrorCode.CONFIG_INVALID, file + ": tlsCACerts of " + name + " has neither pem nor path.");
        }
        var roots = file.toAbsolutePath().resolveSibling(path);
        try {
            if (Files.size(roots) > LARGEST_PEM) {
                throw new SelvageException(ErrorCode.FILE_UNREADABLE, roots + " is no PEM file.");
            }
            return Files.readString(roots);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, roots + " cannot be read: " + e + ".", e);
        }
    }
}
