package dev.selvage.bridge;

import dev.selvage.bridge.EngineFile.HttpConnect;
import dev.selvage.bridge.EngineFile.Login;
import dev.selvage.bridge.HttpMapping.AfterCrash;
import dev.selvage.bridge.HttpMapping.Body;
import dev.selvage.bridge.HttpMapping.Call;
import dev.selvage.bridge.HttpMapping.ErrorRule;
import dev.selvage.bridge.HttpMapping.Handover;
import dev.selvage.bridge.HttpMapping.Output;
import dev.selvage.bridge.HttpMapping.Poll;
import dev.selvage.bridge.HttpMapping.Source;
import dev.selvage.formats.YamlMap;
import dev.selvage.formats.YamlValue;
import dev.selvage.model.ErrorCategory;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation;
import dev.selvage.model.Suggestion;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads what an engine file says of an HTTP service. */
final class HttpReader {
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final String FILE_FORM = "a file's name of letters, digits, '.', '_' and '-'";
    private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

    private final YamlMap map;
    private final Operation operation;
    private final Scope scope;
    private final Scope later;
    private final Leaves leaves;
    private final List<Call> uploads = new ArrayList<>();

    HttpReader(YamlMap map, Operation operation, Scope scope, Leaves leaves) {
        this.map = map;
        this.operation = operation;
        this.scope = scope;
        this.later = scope.withForeignId();
        this.leaves = leaves;
    }

    static HttpConnect connect(YamlMap map, Leaves leaves) {
        var url = url(map.required("url"));
        var certificates = map.has("ca") ? leaves.file(map.optional("ca")) : Optional.<Secret>empty();
        var bearer = leaves.secret(map.optional("bearer"), "token");
        Optional<Login> basic = Optional.empty();
        if (map.has("basic")) {
            var login = map.optional("basic").map();
            var user = login.required("user").string("");
            var password = leaves.secret(login.required("password"), "password");
            login.refuseUnknownKeys();
            basic = password.map(secret -> new Login(user, secret));
        }
        if (bearer.isPresent() && basic.isPresent()) {
            map.problem("only one of bearer, basic may be given");
        }
        var connectTimeout = map.optional("connectTimeout").duration(Duration.ofSeconds(10));
        var requestTimeout = map.optional("requestTimeout").duration(Duration.ofSeconds(30));
        map.refuseUnknownKeys();
        return new HttpConnect(url, certificates, bearer, basic, connectTimeout, requestTimeout);
    }

    private static String url(YamlValue value) {
        var text = value.string("");
        try {
            var uri = URI.create(text);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (value.present() && (!http || uri.getHost() == null || uri.getQuery() != null)) {
                value.problem("expected a URL such as https://host:8081, without a query");
            }
            if (uri.getUserInfo() != null) {
                value.problem(
                        ErrorCode.SECRET_IN_FILE,
                        "take user and password out of the URL and write basic: {user: ..., password: {secret: \"file:PATH\"}}");
            }
        } catch (IllegalArgumentException e) {
            value.problem("not a URL");
        }
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    HttpMapping mapping() {
        var inputs = inputs(map.optional("inputs"));
        var submit = map.required("submit");
        var submitCall = call(submit.map(), scope, "foreignId");
        var foreignId = foreignId(submit.map());
        var poll = poll(map.optional("poll"));
        var result = optionalCall(map.optional("result"));
        var cancel = optionalCall(map.optional("cancel"));
        var outputs = outputs(map.required("outputs"));
        var errors = map.optional("errors").list().each(this::error);
        var afterCrash = afterCrash(map.optional("afterCrash"));
        if (poll.isEmpty() && result.isPresent()) {
            map.problem("result", "\"result\" needs \"poll\": without it the reply to \"submit\" is the outcome");
        }
        if (poll.isEmpty() && afterCrash instanceof HttpMapping.Find) {
            map.problem("afterCrash", "\"find\" needs \"poll\"");
        }
        map.refuseUnknownKeys();
        return new HttpMapping(
                inputs, uploads, submitCall, foreignId, poll, result, cancel, outputs, errors, afterCrash);
    }

    private Optional<Template> foreignId(YamlMap call) {
        return call.has("foreignId")
                ? Optional.of(leaves.leaf(
                        call.optional("foreignId"), scope.withResponse(), Scope.Kind.TEXT, Scope.Kind.INTEGER))
                : Optional.empty();
    }

    private Map<String, Handover> inputs(YamlValue value) {
        Map<String, Handover> inputs = new LinkedHashMap<>();
        value.map().each(element -> {
            if (operation != null && !operation.inputs().containsKey(element.key())) {
                element.problem(operation.operation() + " has no input \"" + element.key() + "\""
                        + Suggestion.among(element.key(), operation.inputs().keySet()));
            }
            var how = element.map();
            var kind = how.exactlyOne("file", "inline", "upload");
            if ("file".equals(kind)) {
                inputs.put(
                        element.key(),
                        new HttpMapping.AsFile(how.optional("file").matching(FILE, FILE_FORM)));
            } else if ("inline".equals(kind)) {
                how.optional("inline").oneOf("text");
                inputs.put(element.key(), new HttpMapping.AsText());
            } else if ("upload".equals(kind)) {
                var call = call(how.optional("upload").map(), scope);
                uploads.add(new Call(
                        call.method(),
                        call.path(),
                        call.query(),
                        call.headers(),
                        new HttpMapping.InputBody(element.key())));
            }
            how.refuseUnknownKeys();
            return element;
        });
        return inputs;
    }

    private Optional<Call> optionalCall(YamlValue value) {
        return value.present() ? Optional.of(call(value.map(), later)) : Optional.empty();
    }

    private Call call(YamlMap call, Scope names, String... alsoKnown) {
        var request = call.required("request").map();
        var method = request.required("method").oneOf("GET", "POST", "PUT", "PATCH", "DELETE");
        var pathValue = request.required("path");
        var path = leaves.text(pathValue, names);
        if (pathValue.isText() && !pathValue.string("").startsWith("/")) {
            pathValue.problem("a path starts with \"/\"");
        }
        request.refuseUnknownKeys();
        var query = leaves.texts(call.optional("query"), names);
        var headersValue = call.optional("headers");
        headersValue.map().each(header -> {
            if (header.key().equalsIgnoreCase("authorization") || Leaves.soundsSecret(header.key())) {
                header.problem(
                        ErrorCode.SECRET_IN_FILE, "write connect.bearer or connect.basic with a secret by reference");
            }
            return header;
        });
        var headers = leaves.texts(headersValue, names);
        var body = body(call, names);
        call.refuseUnknownKeys(alsoKnown);
        return new Call(method == null ? "GET" : method, path, query, headers, body);
    }

    private Body body(YamlMap call, Scope names) {
        if (!call.has("json") && !call.has("form") && !call.has("body")) {
            call.optional("json");
            call.optional("form");
            call.optional("body");
            return new HttpMapping.NoBody();
        }
        var kind = call.exactlyOne("json", "form", "body");
        if ("json".equals(kind)) {
            return new HttpMapping.JsonBody(leaves.json(call.optional("json"), names));
        }
        if ("form".equals(kind)) {
            return new HttpMapping.FormBody(call.optional("form").map().each(field -> leaves.leaf(field, names)));
        }
        var body = call.optional("body").map();
        var input = body.required("input").string("");
        if (operation != null && !input.isEmpty() && !operation.inputs().containsKey(input)) {
            body.problem("input", operation.operation() + " has no input \"" + input + "\"");
        }
        body.refuseUnknownKeys();
        return new HttpMapping.InputBody(input);
    }

    private Optional<Poll> poll(YamlValue value) {
        if (!value.present()) {
            return Optional.empty();
        }
        var poll = value.map();
        var call = call(poll, later, "every", "state", "running", "succeeded", "failed", "progress");
        var every = poll.optional("every").map();
        var first = every.optional("first").duration(Duration.ofMillis(500));
        var max = every.optional("max").duration(Duration.ofSeconds(10));
        var factor = every.optional("factor").thousandths(1000, 99_000);
        var wait = new HttpMapping.Wait(first, factor == null ? 1500 : factor.intValue(), max);
        every.refuseUnknownKeys();
        var state = leaves.leaf(
                poll.required("state"), later.withResponse(), Scope.Kind.TEXT, Scope.Kind.INTEGER, Scope.Kind.TRUTH);
        var running = words(poll.optional("running"));
        var succeeded = words(poll.required("succeeded"));
        var failed = words(poll.optional("failed"));
        var twice = new HashSet<>(running);
        twice.addAll(failed);
        twice.retainAll(succeeded);
        if (!twice.isEmpty()) {
            poll.problem("succeeded", "\"" + twice.iterator().next() + "\" means two things");
        }
        var progress = poll.has("progress")
                ? Optional.of(leaves.leaf(poll.optional("progress"), later.withResponse(), Scope.Kind.INTEGER))
                : Optional.<Template>empty();
        return Optional.of(new Poll(call, state, wait, running, succeeded, failed, progress));
    }

    private static Set<String> words(YamlValue value) {
        return Set.copyOf(new HashSet<>(value.list()
                .each(element ->
                        element.isText() ? element.string() : element.json().asText())));
    }

    private Map<String, Output> outputs(YamlValue value) {
        Outputs.checkNames(value, operation);
        return value.map().each(element -> {
            var output = element.map();
            var kind = output.exactlyOne("file", "json", "body");
            Source source = new HttpMapping.FromBody();
            if ("file".equals(kind)) {
                source = new HttpMapping.FromFile(output.optional("file").matching(FILE, FILE_FORM));
            } else if ("json".equals(kind)) {
                source = new HttpMapping.FromJson(leaves.leaf(output.optional("json"), later.withResponse()));
            } else if ("body".equals(kind)) {
                output.optional("body").bool();
            }
            var columns = Outputs.columns(output, element.key(), operation);
            var mediaType = Outputs.mediaType(output, element.key(), operation);
            output.refuseUnknownKeys();
            return new Output(source, mediaType, columns);
        });
    }

    private ErrorRule error(YamlValue value) {
        var rule = value.map();
        var names = later.withResponse();
        var when = leaves.leaf(rule.required("when"), names, Scope.Kind.TRUTH);
        var code = rule.required("code").matching(CODE, "a code of upper-case letters, digits and '_'");
        var known = ErrorCode.named(code == null ? "" : code);
        var category = rule.optional("category").oneOf(ErrorCategory.class);
        if (category == null) {
            category = known.map(ErrorCode::category).orElse(ErrorCategory.EXTERNAL);
        }
        boolean retryable =
                rule.optional("retryable").bool(known.map(ErrorCode::retryable).orElse(false));
        var message = rule.has("message")
                ? Optional.of(leaves.leaf(rule.optional("message"), names, Scope.Kind.TEXT))
                : Optional.<Template>empty();
        var after = rule.has("retryAfter")
                ? Optional.of(leaves.leaf(rule.optional("retryAfter"), names, Scope.Kind.INTEGER))
                : Optional.<Template>empty();
        rule.refuseUnknownKeys();
        return new ErrorRule(when, code, category, retryable, message, after);
    }

    private AfterCrash afterCrash(YamlValue value) {
        if (value.isMap()) {
            var crash = value.map();
            var find = crash.required("find").map();
            var call = call(find, scope, "foreignId");
            var foreignId = foreignId(find);
            crash.refuseUnknownKeys();
            return new HttpMapping.Find(call, foreignId);
        }
        value.oneOf("repeat");
        return new HttpMapping.Repeat();
    }
}
