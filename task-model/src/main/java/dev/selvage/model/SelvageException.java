package dev.selvage.model;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fault with its code. The wire form {@code SELVAGE/<CODE> {"parameters"} sentence} is what a contract puts into its message,
 * since clients of a Fabric gateway see only that (LEDGER.md, rule 9).
 */
public final class SelvageException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    /** The parameters are one flat object of texts, in which quotation marks and braces may stand. */
    private static final Pattern WIRE = Pattern.compile(
            "SELVAGE/([A-Z0-9_]+) (\\{(?:[^\"{}]++|\"(?:[^\"\\\\]++|\\\\.)*+\")*+\\}) (.*)", Pattern.DOTALL);

    private final ErrorCode code;
    private final transient Map<String, String> parameters;
    private final String sentence;

    public SelvageException(ErrorCode code, String sentence) {
        this(code, Map.of(), sentence, null);
    }

    public SelvageException(ErrorCode code, String sentence, Throwable cause) {
        this(code, Map.of(), sentence, cause);
    }

    public SelvageException(ErrorCode code, Map<String, String> parameters, String sentence) {
        this(code, parameters, sentence, null);
    }

    public SelvageException(ErrorCode code, Map<String, String> parameters, String sentence, Throwable cause) {
        super(code + " " + sentence, cause);
        this.code = code;
        this.parameters = Map.copyOf(parameters);
        this.sentence = sentence;
    }

    public ErrorCode code() {
        return code;
    }

    /** Machine-readable details, such as the key that was not visible. Never a secret. */
    public Map<String, String> parameters() {
        return parameters;
    }

    /** What happened, for a person, without the code. */
    public String sentence() {
        return sentence;
    }

    /** The form in which a contract's message carries this fault. */
    public String toWire() {
        var json = CanonicalJson.text(CanonicalJson.tree(new TreeMap<>(parameters)));
        return "SELVAGE/" + code + " " + json + " " + sentence;
    }

    /**
     * Finds a fault in a message that may have been wrapped by the ledger's own words.
     *
     * @return empty when the text carries no fault of ours, or one whose code this version does not know
     */
    public static Optional<SelvageException> fromWire(String message) {
        if (message == null) {
            return Optional.empty();
        }
        Matcher matcher = WIRE.matcher(message);
        if (!matcher.find()) {
            return Optional.empty();
        }
        var code = ErrorCode.named(matcher.group(1));
        if (code.isEmpty()) {
            return Optional.empty();
        }
        try {
            Map<String, String> parameters = new TreeMap<>();
            CanonicalJson.parse(matcher.group(2))
                    .properties()
                    .forEach(entry ->
                            parameters.put(entry.getKey(), entry.getValue().asText()));
            return Optional.of(new SelvageException(code.get(), parameters, matcher.group(3)));
        } catch (SelvageException notJson) {
            return Optional.of(new SelvageException(code.get(), matcher.group(3)));
        }
    }
}
