package dev.selvage.formats.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.formats.Problems;
import dev.selvage.formats.Yaml;
import dev.selvage.formats.YamlMap;
import dev.selvage.formats.YamlValue;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What node files and profiles have in common: their head, paths beside the file, addresses, overriding by environment. */
final class Settings {
    /** The longest path that is taken. */
    private static final int MAX_PATH = 1024;

    private final Path file;
    private final Problems problems = new Problems(ErrorCode.CONFIG_INVALID, "");
    private final YamlMap root;

    /**
     * Reads a configuration file.
     *
     * @param format the value of the key {@code selvage}
     * @param overridable leaves that the environment may set: {@code ledger.tlsRoot} by {@code PREFIX_LEDGER_TLSROOT}
     */
    Settings(Path file, String format, String prefix, List<String> overridable, Map<String, String> environment) {
        this.file = file.toAbsolutePath().normalize();
        var document = Yaml.read(file, problems);
        this.root = document.map();
        overridable.forEach(path -> {
            var variable = variable(prefix, path);
            var value = environment.get(variable);
            if (value != null && !value.isEmpty()) {
                root.override(path, value, "environment " + variable);
            }
        });
        if (document.present()) {
            root.required("selvage").oneOf(format);
        }
    }

    static String variable(String prefix, String path) {
        return prefix + "_" + path.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    Path file() {
        return file;
    }

    Problems problems() {
        return problems;
    }

    YamlMap root() {
        return root;
    }

    /** A path, relative ones from the folder of the file. */
    Path path(YamlValue value) {
        var text = value.string();
        if (text == null) {
            return null;
        }
        try {
            if (!text.isBlank() && text.length() <= MAX_PATH) {
                return file.resolveSibling(text).normalize();
            }
        } catch (InvalidPathException e) {
            // told below
        }
        value.problem("expected a path");
        return null;
    }

    HostPort address(YamlValue value) {
        var text = value.string();
        if (text == null) {
            return null;
        }
        var address = HostPort.parse(text);
        if (address == null) {
            value.problem("expected an address such as 127.0.0.1:7051, found \"" + text + "\"");
        }
        return address;
    }

    KeyPairFiles keyPair(YamlMap map) {
        var certificate = path(map.required("certificate"));
        var key = map.required("key");
        if (key.isText() && key.string().contains("-----BEGIN")) {
            key.problem(ErrorCode.SECRET_IN_FILE, "write the path of the key's file, not the key itself");
        }
        var keyPath = path(key);
        return problems.build(map, () -> new KeyPairFiles(certificate, keyPath));
    }

    LedgerAccess ledger(YamlMap map) {
        var endpoint = map.required("endpoint");
        List<HostPort> endpoints = endpoint.isList()
                ? endpoint.list().each(this::address)
                : Stream.ofNullable(address(endpoint)).toList();
        var root = path(map.optional("tlsRoot"));
        var serverName = map.optional("serverName");
        List<String> serverNames = serverName.isList()
                ? serverName.list().each(YamlValue::name)
                : Stream.ofNullable(serverName.name()).toList();
        map.refuseUnknownKeys();
        return problems.build(map, () -> new LedgerAccess(endpoints, Optional.ofNullable(root), serverNames));
    }

    static ObjectNode write(Path base, KeyPairFiles pair) {
        return CanonicalJson.object()
                .put("certificate", relative(base, pair.certificate()))
                .put("key", relative(base, pair.key()));
    }

    static ObjectNode write(Path base, LedgerAccess ledger) {
        var map = CanonicalJson.object();
        if (ledger.endpoints().size() == 1) {
            map.put("endpoint", ledger.endpoint().toString());
        } else {
            var list = map.putArray("endpoint");
            ledger.endpoints().forEach(endpoint -> list.add(endpoint.toString()));
        }
        ledger.tlsRoot().ifPresent(root -> map.put("tlsRoot", relative(base, root)));
        if (ledger.serverNames().size() > 1) {
            var list = map.putArray("serverName");
            ledger.serverNames().forEach(list::add);
        } else {
            ledger.serverNames().forEach(name -> map.put("serverName", name));
        }
        return map;
    }

    /** A path as a file in that folder writes it. */
    static String relative(Path base, Path path) {
        var relative = base.relativize(path).toString();
        return relative.isEmpty() ? "." : relative;
    }
}
