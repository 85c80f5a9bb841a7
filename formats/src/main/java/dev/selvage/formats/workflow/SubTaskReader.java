package dev.selvage.formats.workflow;

import dev.selvage.formats.YamlMap;
import dev.selvage.formats.YamlValue;
import dev.selvage.model.ErrorCategory;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Input;
import dev.selvage.model.Limits;
import dev.selvage.model.SubTask;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Takes one sub-task from a workflow file. */
final class SubTaskReader {
    private final YamlMap map;

    SubTaskReader(YamlValue value) {
        this.map = value.map();
    }

    SubTask read() {
        map.notSupported("channels", "place", "protection", "settle", "seed", "suspend");
        var participants = map.required("participants").map().each(SubTaskReader::participant);
        var subTask = new SubTask(
                Reading.description(map),
                forEach(participants),
                participants,
                map.optional("inputs").map().each(SubTaskReader::input),
                map.optional("outputs").map().each(SubTaskReader::output),
                Reading.requirement(map.optional("requirement")),
                deadlines(map.optional("deadlines").map()),
                retry(map.optional("retry").map()),
                map.optional("dependsOn").list().strings(),
                map.optional("runIf").oneOf(SubTask.RunIf.class, SubTaskReader::lower),
                policy(map.optional("result").map()));
        map.refuseUnknownKeys();
        return subTask;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static SubTask.Participant participant(YamlValue value) {
        var map = value.map();
        var operation = map.required("operation").operationId();
        map.refuseUnknownKeys();
        return operation == null ? null : new SubTask.Participant(operation);
    }

    private SubTask.ForEach forEach(Map<String, SubTask.Participant> participants) {
        var value = map.optional("forEach");
        if (!value.present()) {
            return null;
        }
        var forEach = value.map();
        forEach.exactlyOne("role", "count", "parameter");
        var role = forEach.optional("role").list().strings();
        var count = forEach.optional("count").integer(1, Limits.PARTS);
        var parameter = forEach.optional("parameter").string();
        var as = forEach.required("as").name();
        forEach.refuseUnknownKeys();
        // a missing variable is told once: the participants are not blamed for it
        var variable = as == null ? participants.keySet().stream().findFirst().orElse("part") : as;
        return new SubTask.ForEach(role, count == null ? null : count.intValue(), parameter, variable);
    }

    private static Input input(YamlValue value) {
        var map = value.map();
        map.notSupported("block", "key", "name");
        if (map.has("block") || map.has("key") || map.has("name")) {
            return null;
        }
        var kind = map.exactlyOne("parameter", "value", "data", "result", "state", "item", "index");
        var input = kind == null ? null : input(kind, map);
        map.refuseUnknownKeys();
        return input;
    }

    private static Input input(String kind, YamlMap map) {
        return switch (kind) {
            case "value" -> new Input.Value(map.required(kind).json());
            case "state" -> state(map);
            case "result" -> result(map);
            case "parameter" -> named(map, kind, Input.Parameter::new);
            case "data" -> named(map, kind, Input.Data::new);
            case "item" -> named(map, kind, Input.Item::new);
            default -> named(map, kind, Input.Index::new);
        };
    }

    private static Input named(YamlMap map, String kind, Function<String, Input> make) {
        var name = map.required(kind).string();
        return name == null ? null : make.apply(name);
    }

    private static Input result(YamlMap map) {
        var result = map.required("result").string();
        var output = map.required("output").string();
        return result == null || output == null ? null : new Input.Result(result, output);
    }

    private static Input state(YamlMap map) {
        var call = map.required("state").map();
        var chaincode = call.required("chaincode").name();
        var function = call.required("function").name();
        var args = call.optional("args").list().strings();
        call.refuseUnknownKeys();
        var pin = map.optional("pin").oneOf(Input.Pin.class, SubTaskReader::lower);
        return chaincode == null || function == null
                ? null
                : new Input.State(new Input.Call(chaincode, function, args), pin);
    }

    private static SubTask.Output output(YamlValue value) {
        var map = value.map();
        map.notSupported("protection");
        var output = new SubTask.Output(
                visibility(map.optional("visibility")),
                map.optional("maxSize").size(),
                map.optional("onLedger").bool());
        map.refuseUnknownKeys();
        return output;
    }

    private static List<String> visibility(YamlValue value) {
        if (!value.isList()) {
            var word = value.oneOf(SubTask.Output.CHANNEL);
            return word == null ? null : List.of(word);
        }
        return value.list().each(item -> {
            if (item.isMap()) {
                item.problem(
                        ErrorCode.NOT_SUPPORTED, "visibility per part is not supported yet; write the role's name");
                return null;
            }
            return item.string();
        });
    }

    private static SubTask.Deadlines deadlines(YamlMap map) {
        var deadlines = new SubTask.Deadlines(
                Reading.millis(map.optional("accept")),
                Reading.millis(map.optional("fetch")),
                Reading.millis(map.optional("run")),
                Reading.millis(map.optional("publish")));
        map.refuseUnknownKeys();
        return deadlines;
    }

    private static SubTask.Retry retry(YamlMap map) {
        var attempts = map.optional("attempts").integer(1, Limits.ATTEMPTS);
        var categories = map.optional("categories").list().each(item -> item.oneOf(ErrorCategory.class));
        var wait = map.optional("wait").map();
        var pause = new SubTask.Pause(Reading.millis(wait.optional("first")), Reading.millis(wait.optional("max")));
        wait.refuseUnknownKeys();
        map.refuseUnknownKeys();
        return new SubTask.Retry(attempts == null ? null : attempts.intValue(), categories, pause);
    }

    private static SubTask.ResultPolicy policy(YamlMap map) {
        var policy = map.optional("policy").oneOf("all", "quorum", "first");
        if (policy != null && !policy.equals("all")) {
            map.optional("policy")
                    .problem(ErrorCode.NOT_SUPPORTED, "the policy \"" + policy + "\" is not supported yet");
            map.optional("k");
        }
        map.refuseUnknownKeys();
        return new SubTask.ResultPolicy(null);
    }
}
