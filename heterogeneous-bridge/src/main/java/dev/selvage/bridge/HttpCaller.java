package dev.selvage.bridge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.selvage.bridge.EngineFile.HttpConnect;
import dev.selvage.bridge.HttpMapping.Call;
import dev.selvage.engine.EngineInput;
import dev.selvage.engine.EngineRequest;
import dev.selvage.engine.InputPlace;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Sends the requests of an engine file, with its credentials, and reads bounded replies. No redirect is followed. */
final class HttpCaller {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(100).build());
    }

    private final HttpConnect connect;
    private final HttpClient client;

    HttpCaller(HttpConnect connect) {
        this.connect = connect;
        var builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(connect.connectTimeout());
        connect.certificates().ifPresent(pem -> builder.sslContext(Certificates.trusting(pem.reveal())));
        this.client = builder.build();
    }

    /** A reply, read to its end. */
    @SuppressWarnings("ArrayRecordComponent")
    record Reply(int status, byte[] body, Map<String, String> headers) {
        boolean ok() {
            return status >= 200 && status < 300;
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The body as JSON; null where it is none. */
        JsonNode json() {
            try {
                var tree = JSON.readTree(body);
                return tree == null ? NullNode.instance : tree;
            } catch (JsonProcessingException e) {
                return NullNode.instance;
            } catch (IOException e) {
                throw new IllegalStateException("bytes at hand can be read", e);
            }
        }

        /** What expressions see of it, on top of the other values. */
        Map<String, Object> on(Map<String, Object> values) {
            Map<String, Object> more = new HashMap<>(values);
            more.put("response.status", (long) status);
            more.put("response.text", text());
            more.put("response.json", CelValues.of(json()));
            more.put("response.headers", new LinkedHashMap<>(headers));
            return more;
        }
    }

    /**
     * Sends a request and reads its reply, whatever its status.
     *
     * @param limit bytes of the reply
     * @throws SelvageException ENGINE_UNREACHABLE or ENGINE_FLOOD
     */
    Reply send(Call call, EngineRequest request, Map<String, Object> values, long limit) throws InterruptedException {
        var http = HttpRequest.newBuilder(uri(call, values)).timeout(connect.requestTimeout());
        if (!request.traceparent().isEmpty()) {
            http.header("traceparent", request.traceparent());
        }
        connect.bearer().ifPresent(token -> http.header("Authorization", "Bearer " + line(token.reveal())));
        connect.basic().ifPresent(login -> http.header("Authorization", basic(login)));
        call.headers().forEach((name, value) -> http.header(name, value.text(values, HttpCaller::line)));
        http.method(call.method(), body(call, request, values, http));
        try {
            var response = client.send(http.build(), BodyHandlers.ofInputStream());
            try (var in = response.body()) {
                return new Reply(response.statusCode(), read(in, limit), headers(response));
            }
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.ENGINE_UNREACHABLE,
                    e instanceof ConnectException
                            ? "Nothing answers at " + connect.url() + "."
                            : "The service at " + connect.url() + " did not answer.",
                    e);
        } catch (IllegalArgumentException e) {
            throw new SelvageException(
                    ErrorCode.MAPPING_FAILED, "The request cannot be sent: " + e.getMessage() + ".", e);
        }
    }

    private URI uri(Call call, Map<String, Object> values) {
        var text = new StringBuilder(connect.url()).append(call.path().text(values, Template::percent));
        if (!call.query().isEmpty()) {
            UnaryOperator<String> whole = UnaryOperator.identity();
            text.append(call.query().entrySet().stream()
                    .map(entry -> Template.percent(entry.getKey()) + "="
                            + Template.percent(entry.getValue().text(values, whole)))
                    .collect(Collectors.joining("&", "?", "")));
        }
        try {
            return URI.create(text.toString());
        } catch (IllegalArgumentException e) {
            throw new SelvageException(ErrorCode.MAPPING_FAILED, "The request's path is not a URL path.", e);
        }
    }

    private static BodyPublisher body(
            Call call, EngineRequest request, Map<String, Object> values, HttpRequest.Builder http) {
        if (call.body() instanceof HttpMapping.JsonBody json) {
            http.setHeader("Content-Type", "application/json");
            return BodyPublishers.ofString(json.json().render(values).toString());
        }
        if (call.body() instanceof HttpMapping.FormBody form) {
            http.setHeader("Content-Type", "application/x-www-form-urlencoded");
            return BodyPublishers.ofString(form.fields().entrySet().stream()
                    .map(entry -> Template.percent(entry.getKey()) + "="
                            + Template.percent(entry.getValue().text(values, UnaryOperator.identity())))
                    .collect(Collectors.joining("&")));
        }
        if (call.body() instanceof HttpMapping.InputBody input) {
            return input(request, input.input(), http);
        }
        return BodyPublishers.noBody();
    }

    private static BodyPublisher input(EngineRequest request, String name, HttpRequest.Builder http) {
        var elements = request.inputs(name);
        if (elements.size() != 1) {
            throw new SelvageException(
                    ErrorCode.MAPPING_FAILED,
                    "A request's body is one input; \"" + name + "\" has " + elements.size() + " elements.");
        }
        EngineInput element = elements.get(0);
        http.setHeader("Content-Type", element.mediaType());
        if (element.place() instanceof InputPlace.Inline inline) {
            return BodyPublishers.ofByteArray(inline.bytes());
        }
        if (element.place() instanceof InputPlace.OnDisk file) {
            try {
                return BodyPublishers.ofFile(file.path());
            } catch (IOException e) {
                throw new SelvageException(ErrorCode.FILE_UNREADABLE, "The input \"" + name + "\" cannot be read.", e);
            }
        }
        throw new SelvageException(ErrorCode.NOT_SUPPORTED, "The input \"" + name + "\" has no bytes to send.");
    }

    private static byte[] read(InputStream in, long limit) throws IOException {
        var bytes = in.readNBytes((int) Math.min(limit, Integer.MAX_VALUE - 8));
        if (in.read() >= 0) {
            throw new SelvageException(
                    ErrorCode.ENGINE_FLOOD, "The service's reply is larger than " + Texts.size(limit) + ".");
        }
        return bytes;
    }

    private static Map<String, String> headers(HttpResponse<?> response) {
        HttpHeaders all = response.headers();
        Map<String, String> first = new LinkedHashMap<>();
        all.map().forEach((name, values) -> first.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        return first;
    }

    private static String basic(EngineFile.Login login) {
        var plain = login.user() + ":" + login.password().reveal();
        return "Basic " + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    /** Refuses line breaks, with which a value could add headers of its own. */
    private static String line(String value) {
        if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
            throw new SelvageException(ErrorCode.MAPPING_FAILED, "A header's value has a line break.");
        }
        return value;
    }
}
