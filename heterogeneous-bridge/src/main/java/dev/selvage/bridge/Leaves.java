package dev.selvage.bridge;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.selvage.bridge.EngineFile.Value;
import dev.selvage.formats.YamlValue;
import dev.selvage.model.ErrorCode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads the leaves of an engine file. What is wrong is noted where it stands; the value returned then is a harmless one, so that
 * reading goes on.
 *
 * @param base what relative paths are relative to: the file's folder
 */
record Leaves(Path base, Function<String, String> environment) {
    private static final Template NOTHING = Template.literal(NullNode.instance);

    /** A literal, or wholly an expression. */
    Template leaf(YamlValue value, Scope scope, Scope.Kind... expected) {
        if (!value.isText()) {
            if (value.isMap() || value.isList()) {
                value.problem("expected one value or an expression ${...}");
                return NOTHING;
            }
            return Template.literal(value.json());
        }
        try {
            return Template.leaf(value.string(""), scope, Set.of(expected));
        } catch (Expressions.RefusedException e) {
            value.problem(e.getMessage());
            return NOTHING;
        }
    }

    /** Text that may have expressions inside. */
    Template text(YamlValue value, Scope scope) {
        var text = value.string();
        if (text == null) {
            return NOTHING;
        }
        try {
            return Template.text(text, scope);
        } catch (Expressions.RefusedException e) {
            value.problem(e.getMessage());
            return NOTHING;
        }
    }

    /** A map of such texts. */
    Map<String, Template> texts(YamlValue value, Scope scope) {
        return value.map().each(element -> element.isText() ? text(element, scope) : Template.literal(element.json()));
    }

    /** Any JSON with expressions as leaves. */
    JsonTemplate json(YamlValue value, Scope scope) {
        if (value.isMap()) {
            Map<String, JsonTemplate> members = new LinkedHashMap<>(value.map().each(element -> json(element, scope)));
            return new JsonTemplate.Members(members);
        }
        if (value.isList()) {
            return new JsonTemplate.Elements(value.list().each(element -> json(element, scope)));
        }
        return new JsonTemplate.Leaf(leaf(value, scope));
    }

    /** A secret by reference; anything else is SECRET_IN_FILE. */
    Optional<Secret> secret(YamlValue value, String what) {
        if (!value.present()) {
            return Optional.empty();
        }
        if (!value.isMap()) {
            literalSecret(value, what);
            return Optional.empty();
        }
        var map = value.map();
        var reference = map.required("secret");
        map.refuseUnknownKeys();
        return reference(reference);
    }

    private Optional<Secret> reference(YamlValue value) {
        var text = value.string();
        if (text == null) {
            return Optional.empty();
        }
        var secret = Secret.of(text, base, environment);
        if (secret.isEmpty()) {
            value.problem(
                    ErrorCode.SECRET_IN_FILE,
                    "write \"file:PATH\" or \"env:NAME\", where the secret is found, not the secret itself");
        }
        return secret;
    }

    /** A file by reference: {@code "file:PATH"}. */
    Optional<Secret> file(YamlValue value) {
        var text = value.string();
        if (text == null) {
            return Optional.empty();
        }
        if (!text.startsWith("file:")) {
            value.problem("expected \"file:PATH\"");
            return Optional.empty();
        }
        return Secret.of(text, base, environment);
    }

    /** Constants by name; one whose name speaks of a secret must be a reference. */
    Map<String, Value> values(YamlValue value) {
        return value.map().each(element -> {
            if (element.isMap()) {
                return secret(element, "secret")
                        .map(secret -> new Value(Optional.empty(), Optional.of(secret)))
                        .orElse(null);
            }
            if (soundsSecret(element.key())) {
                literalSecret(element, "secret");
                return null;
            }
            var text = element.isScalar() ? element.json().asText() : element.string();
            return text == null ? null : new Value(Optional.of(text), Optional.empty());
        });
    }

    static void literalSecret(YamlValue value, String what) {
        value.problem(
                ErrorCode.SECRET_IN_FILE,
                "write a reference, {secret: \"file:PATH\"} or {secret: \"env:NAME\"}, not the " + what + " itself");
    }

    static boolean soundsSecret(String name) {
        var lower = name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
        return Set.of("password", "passwd", "secret", "token", "apikey", "credential", "passphrase", "privatekey")
                .stream()
                .anyMatch(lower::contains);
    }
}
