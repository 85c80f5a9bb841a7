package dev.selvage.bridge;

import dev.selvage.bridge.EngineFile.JdbcConnect;
import dev.selvage.formats.YamlMap;
import dev.selvage.formats.YamlValue;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation;
import dev.selvage.model.Suggestion;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what an engine file says of a database. */
final class JdbcReader {
    private static final Pattern TABLE =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}(\\.[A-Za-z_][A-Za-z0-9_]{0,62})?");
    private static final String RUNS_TABLE = "selvage_run";

    private final YamlMap map;
    private final Operation operation;
    private final Scope scope;
    private final Leaves leaves;

    JdbcReader(YamlMap map, Operation operation, Scope scope, Leaves leaves) {
        this.map = map;
        this.operation = operation;
        this.scope = scope;
        this.leaves = leaves;
    }

    static JdbcConnect connect(YamlMap map, Leaves leaves) {
        var urlValue = map.required("url");
        var url = urlValue.string("");
        if (urlValue.present() && !url.startsWith("jdbc:")) {
            urlValue.problem("expected a URL that starts with \"jdbc:\"");
        }
        if (url.toLowerCase(Locale.ROOT).matches(".*(password|passwd|pwd)=.*")) {
            urlValue.problem(
                    ErrorCode.SECRET_IN_FILE,
                    "take the password out of the URL and write password: {secret: \"file:PATH\"} or {secret: \"env:NAME\"}");
        }
        var user = map.optional("user").string();
        var password = leaves.secret(map.optional("password"), "password");
        boolean readOnly = map.optional("readOnly").bool(true);
        var properties = leaves.values(map.optional("properties"));
        map.refuseUnknownKeys();
        return new JdbcConnect(url, Optional.ofNullable(user), password, readOnly, properties);
    }

    JdbcMapping mapping() {
        var statement = statement(map.required("statement"));
        var bindValue = map.optional("bind");
        var bind = bindValue.map().each(value -> leaves.leaf(value, scope));
        if (statement != null) {
            checkBinds(statement, bindValue, bind);
            checkTables(statement);
        }
        var outputs = map.required("outputs");
        Outputs.checkNames(outputs, operation);
        String output = "";
        Map<String, String> columns = Map.of();
        if (outputs.isMap()) {
            if (outputs.map().keys().size() != 1) {
                outputs.problem("a statement gives one output: the rows of its result");
            }
            for (String name : outputs.map().keys()) {
                output = name;
                var entry = outputs.map().required(name).map();
                columns = Outputs.columns(entry, name, operation);
                Outputs.mediaType(entry, name, operation);
                entry.refuseUnknownKeys();
            }
        }
        var record = afterCrash(map.optional("afterCrash"));
        map.refuseUnknownKeys();
        return statement == null ? null : new JdbcMapping(statement, bind, output, columns, record);
    }

    private static Statement statement(YamlValue value) {
        var text = value.string();
        if (text == null) {
            return null;
        }
        try {
            return Statement.parse(text);
        } catch (Statement.RefusedException e) {
            value.problem(e.getMessage());
            return null;
        }
    }

    private void checkBinds(Statement statement, YamlValue bindValue, Map<String, Template> bind) {
        for (String name : statement.binds()) {
            if (!bind.containsKey(name)) {
                map.problem(
                        "statement",
                        "\":" + name + "\" is not bound" + Suggestion.among(name, bind.keySet())
                                + "; add it to \"bind\"");
            }
        }
        for (String name : bind.keySet()) {
            if (!statement.binds().contains(name)) {
                bindValue.map().problem(name, "the statement has no \":" + name + "\"");
            }
        }
    }

    private void checkTables(Statement statement) {
        if (operation == null) {
            return;
        }
        for (String name : statement.tables()) {
            if (!operation.inputs().containsKey(name)) {
                map.problem(
                        "statement",
                        operation.operation() + " has no input \"" + name + "\""
                                + Suggestion.among(name, operation.inputs().keySet()));
            }
        }
    }

    /** The table that records runs; null for "repeat". */
    private static String afterCrash(YamlValue value) {
        if (value.isMap()) {
            var map = value.map();
            var table = map.required("record").matching(TABLE, "a table's name");
            map.refuseUnknownKeys();
            return table;
        }
        return "record".equals(value.oneOf("repeat", "record")) ? RUNS_TABLE : null;
    }
}
