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
 * A contract's functions by name: each takes one JSON text and answers with a value that becomes JSON. Filled once, then safe for many
 * threads.
 *
 * @param <C> the contract's own view of an invocation
 */
public final class FunctionTable<C> {
    private final Map<String, BiFunction<C, String, Object>> all = new TreeMap<>();

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
        if (arguments.size() > 1) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID,
                    name + " takes one argument, a JSON text, not " + arguments.size() + ".");
        }
        String text = arguments.isEmpty() ? "{}" : arguments.get(0);
        if (text.length() > Limits.REQUEST) {
            throw new SelvageException(
                    ErrorCode.TOO_LARGE, "The request has more than " + Limits.REQUEST + " characters.");
        }
        return function.apply(call, text);
    }
}
