package dev.selvage.contract;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Limits;
import dev.selvage.model.SelvageException;
import dev.selvage.model.Suggestion;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * A contract's functions by name: each takes one JSON text, some also plain words, and answers with a value that becomes JSON. Filled once, then safe for many
 * threads.
 *
 * @param <C> the contract's own view of an invocation
 */
public final class FunctionTable<C> {
    private final Map<String, BiFunction<C, String, Object>> all = new TreeMap<>();
    private final Map<String, BiFunction<C, List<String>, Object>> byWords = new TreeMap<>();

    /** A function that reads its request itself. */
    public FunctionTable<C> text(String name, BiFunction<C, String, Object> function) {
        all.put(name, function);
        return this;
    }

    public <T> FunctionTable<C> add(String name, Class<T> request, BiFunction<C, T, Object> function) {
        return text(name, (call, text) -> function.apply(call, given(CanonicalJson.read(text, request))));
    }

    public <T> FunctionTable<C> list(String name, Class<T> element, BiFunction<C, List<T>, Object> function) {
        return text(name, (call, text) -> {
            List<T> elements = given(CanonicalJson.readList(text, element));
            elements.forEach(FunctionTable::given);
            return function.apply(call, elements);
        });
    }

    /**
     * How a function is called by a person at a command line, with plain words instead of a JSON text. Words are what comes when the first
     * argument is not a JSON object or list.
     */
    public FunctionTable<C> words(String name, BiFunction<C, List<String>, Object> function) {
        byWords.put(name, function);
        return this;
    }

    /**
     * Passes a request on, or refuses one that is null.
     *
     * @throws SelvageException REQUEST_INVALID
     */
    public static <T> T given(T request) {
        if (request == null) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "The request, or a part of it, is null.");
        }
        return request;
    }

    /** Runs a function. */
    Object run(C call, String name, List<String> arguments) {
        var function = all.get(name);
        if (function == null) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID,
                    "The contract has no function \"" + name + "\"" + Suggestion.among(name, all.keySet()) + ".");
        }
        var plain = byWords.get(name);
        if (plain != null && !arguments.isEmpty() && !isJson(arguments.get(0))) {
            requireBounded(arguments.stream().mapToLong(String::length).sum());
            return plain.apply(call, arguments);
        }
        if (arguments.size() > 1) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID,
                    name + " takes one argument, a JSON text, not " + arguments.size() + ".");
        }
        String text = arguments.isEmpty() ? "{}" : arguments.get(0);
        requireBounded(text.length());
        return function.apply(call, text);
    }

    private static boolean isJson(String argument) {
        String text = argument.stripLeading();
        return text.startsWith("{") || text.startsWith("[");
    }

    private static void requireBounded(long characters) {
        if (characters > Limits.REQUEST) {
            throw new SelvageException(
                    ErrorCode.TOO_LARGE, "The request has more than " + Limits.REQUEST + " characters.");
        }
    }
}
