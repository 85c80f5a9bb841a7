package dev.selvage.bridge;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A reference to a secret, {@code file:PATH} or {@code env:NAME}. It is looked up at each use, so that a changed secret is taken, and
 * is in no text, log or description.
 */
final class Secret {
    private static final int MAX_BYTES = 64 * 1024;

    private final String reference;
    private final Path base;
    private final Function<String, String> environment;

    private Secret(String reference, Path base, Function<String, String> environment) {
        this.reference = reference;
        this.base = base;
        this.environment = environment;
    }

    /**
     * The reference in a text; empty when it is none.
     *
     * @param base what a relative path is relative to
     */
    static Optional<Secret> of(String reference, Path base, Function<String, String> environment) {
        boolean known = (reference.startsWith("file:") && reference.length() > 5)
                || (reference.startsWith("env:") && reference.length() > 4);
        return known ? Optional.of(new Secret(reference, base, environment)) : Optional.empty();
    }

    /**
     * The secret itself, without a line end after it.
     *
     * @throws SelvageException FILE_UNREADABLE or CONFIG_INVALID, naming the reference only
     */
    String reveal() {
        if (reference.startsWith("env:")) {
            var value = environment.apply(reference.substring(4));
            if (value == null) {
                throw new SelvageException(
                        ErrorCode.CONFIG_INVALID,
                        Map.of("reference", reference),
                        "The secret " + reference + " is not in the environment.");
            }
            return value;
        }
        try (var in = Files.newInputStream(base.resolve(reference.substring(5)))) {
            var bytes = in.readNBytes(MAX_BYTES);
            return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
        } catch (IOException | InvalidPathException e) {
            throw new SelvageException(
                    ErrorCode.FILE_UNREADABLE,
                    Map.of("reference", reference),
                    "The secret " + reference + " cannot be read.",
                    e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.reference.equals(reference) && secret.base.equals(base);
    }

    @Override
    public int hashCode() {
        return Objects.hash(reference, base);
    }

    @Override
    public String toString() {
        return "{secret: " + reference + "}";
    }
}
