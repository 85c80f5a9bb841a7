package dev.selvage.network.org;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The connection profile of one organisation, as JSON and as YAML, in the form that Fabric's test-network writes: which peers, their
 * URLs, the TLS root as PEM and the names to expect in their certificates.
 */
public final class ConnectionProfile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Organisation organisation;
    private final Map<String, Object> content;

    public ConnectionProfile(Organisation organisation, HostPort peer) {
        this(organisation, List.of(peer));
    }

    /** @param peers the organisation's, peer0 first */
    public ConnectionProfile(Organisation organisation, List<HostPort> peers) {
        this.organisation = organisation;
        String shortName = shortName(organisation);
        String roots = Pem.certificate(organisation.definition().tlsRoots().get(0));
        Map<String, Object> entries = new LinkedHashMap<>();
        for (int i = 0; i < peers.size(); i++) {
            String host = "peer" + i + "." + organisation.domain();
            entries.put(
                    host,
                    ordered(
                            "url",
                            "grpcs://" + peers.get(i),
                            "tlsCACerts",
                            ordered("pem", roots),
                            "grpcOptions",
                            ordered("ssl-target-name-override", host, "hostnameOverride", host)));
        }
        this.content = ordered(
                "name",
                "selvage-" + shortName,
                "version",
                "1.0.0",
                "client",
                ordered(
                        "organization",
                        shortName,
                        "connection",
                        ordered("timeout", ordered("peer", ordered("endorser", "300")))),
                "organizations",
                ordered(shortName, ordered("mspid", organisation.msp(), "peers", List.copyOf(entries.keySet()))),
                "peers",
                entries);
    }

    /** Writes {@code connection-<org>.json} and {@code .yaml} into the organisation's folder, each replaced in one step. */
    public void write() throws IOException {
        SafeFiles.replace(file("json"), json());
        SafeFiles.replace(file("yaml"), yaml());
    }

    /** Where {@link #write} puts it. */
    public Path file(String extension) {
        return organisation.folder().resolve("connection-" + shortName(organisation) + "." + extension);
    }

    String json() {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n";
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    String yaml() {
        StringBuilder yaml = new StringBuilder("---\n");
        appendYaml(yaml, "", content);
        return yaml.toString();
    }

    private static void appendYaml(StringBuilder yaml, String indent, Map<?, ?> map) {
        map.forEach((key, value) -> {
            yaml.append(indent).append(key).append(':');
            if (value instanceof Map<?, ?> inner) {
                yaml.append('\n');
                appendYaml(yaml, indent + "  ", inner);
            } else if (value instanceof List<?> list) {
                yaml.append('\n');
                list.forEach(
                        item -> yaml.append(indent).append("  - ").append(item).append('\n'));
            } else if (value.toString().contains("\n")) {
                yaml.append(" |\n");
                value.toString()
                        .lines()
                        .forEach(line ->
                                yaml.append(indent).append("  ").append(line).append('\n'));
            } else {
                yaml.append(" \"").append(value).append("\"\n");
            }
        });
    }

    private static String shortName(Organisation organisation) {
        String domain = organisation.domain();
        return domain.substring(0, domain.indexOf('.'));
    }

    private static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
