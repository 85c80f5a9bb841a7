package dev.selvage.network.fabric;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.HostPort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** What a node says of itself on its operations port. */
final class NodeOperations {
    private static final int LARGEST = 4 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

    private final HostPort address;

    NodeOperations(HostPort address) {
        this.address = address;
    }

    /** Whether all is well. */
    boolean healthy() {
        return get("/healthz").isPresent();
    }

    /** Its measures in Prometheus' text format; empty when it does not answer. */
    Optional<String> measures() {
        return get("/metrics").filter(text -> text.length() <= LARGEST);
    }

    /** The value of a measure that is kept for the channel. */
    static OptionalLong of(String measures, String name, String channel) {
        var line = Pattern.compile(
                "^" + Pattern.quote(name) + "\\{[^}]*channel=\"" + Pattern.quote(channel) + "\"[^}]*\\} (\\S+)$",
                Pattern.MULTILINE);
        var found = line.matcher(measures);
        return found.find() ? OptionalLong.of((long) Double.parseDouble(found.group(1))) : OptionalLong.empty();
    }

    private Optional<String> get(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + path))
                .timeout(PATIENCE)
                .build();
        try {
            HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
        } catch (IOException notYet) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "interrupted while " + address + " was asked", e);
        }
    }
}
