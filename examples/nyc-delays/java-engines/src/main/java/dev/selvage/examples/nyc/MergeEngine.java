package dev.selvage.examples.nyc;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.engine.CanonicalTable;
import dev.selvage.engine.EngineFailure;
import dev.selvage.engine.EngineInput;
import dev.selvage.engine.EngineProvider;
import dev.selvage.engine.OperationFailedException;
import dev.selvage.engine.OperationHandler;
import dev.selvage.engine.RunContext;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation.Column;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The standard engine of the organisation that merges and publishes: adds the airports' tables, and names carriers. */
public final class MergeEngine implements EngineProvider {
    private static final int MAX_NAMES = 1 << 20;
    private static final List<Column> PART =
            List.of(new Column("carrier", "text", null, false), number("flights"), number("known"), number("minutes"));
    private static final List<String> AIRPORTS = List.of("newark", "kennedy", "laguardia");

    @Override
    public String version() {
        return "1.0";
    }

    @Override
    public Map<String, OperationHandler> operations() {
        return Map.of(
                "flights.merge/1", MergeEngine::merge,
                "flights.name/1", MergeEngine::name,
                "flights.add/1", MergeEngine::add);
    }

    private static void merge(RunContext context) throws IOException, OperationFailedException {
        long minFlights = context.params().get("minFlights").longValue();
        Map<String, Totals> carriers = new TreeMap<>();
        for (var input : context.inputs("tables")) {
            for (var row : rows(context, input, PART)) {
                carriers.computeIfAbsent(row.get(0), carrier -> new Totals()).add(row.subList(1, 4));
            }
        }
        List<List<String>> table = new ArrayList<>();
        carriers.forEach((carrier, totals) -> {
            var row = new ArrayList<>(totals.row(carrier));
            row.add(totals.mean(minFlights));
            table.add(row);
        });
        context.output("table", table);
    }

    private static void name(RunContext context) throws IOException, OperationFailedException {
        var names = names(context);
        List<Column> columns = new ArrayList<>(PART);
        columns.add(new Column("mean", "decimal", 2, true));
        List<List<String>> table = new ArrayList<>();
        for (var row : rows(context, context.input("table"), columns)) {
            var named = new ArrayList<>(row);
            named.add(1, names.path(row.get(0)).asText(row.get(0)));
            table.add(named);
        }
        context.output("table", table);
    }

    private static JsonNode names(RunContext context) throws IOException, OperationFailedException {
        try {
            return CanonicalJson.parse(context.bytes(context.input("names"), MAX_NAMES));
        } catch (SelvageException e) {
            throw refused("The names are not a JSON object.");
        }
    }

    private static void add(RunContext context) throws IOException, OperationFailedException {
        var city = new Totals();
        List<List<String>> table = new ArrayList<>();
        for (var airport : AIRPORTS) {
            var totals = new Totals();
            for (var row : rows(context, context.input(airport), PART)) {
                totals.add(row.subList(1, 4));
                city.add(row.subList(1, 4));
            }
            table.add(totals.row(airport));
        }
        table.add(city.row("city"));
        context.output("totals", table);
    }

    private static List<List<String>> rows(RunContext context, EngineInput input, List<Column> columns)
            throws IOException, OperationFailedException {
        try (var in = context.open(input)) {
            return CanonicalTable.read(columns, in);
        } catch (IllegalArgumentException e) {
            throw refused("The input " + input.name() + " " + input.label() + " is not the table declared: "
                    + e.getMessage() + ".");
        }
    }

    private static Column number(String name) {
        return new Column(name, "int64", null, false);
    }

    private static OperationFailedException refused(String message) {
        return new OperationFailedException(EngineFailure.of(ErrorCode.ENGINE_FAILED, message));
    }
}
