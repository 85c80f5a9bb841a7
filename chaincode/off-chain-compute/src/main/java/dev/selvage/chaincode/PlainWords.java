package dev.selvage.chaincode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Schema;
import dev.selvage.model.SelvageException;
import dev.selvage.model.Suggestion;
import java.util.List;
import java.util.Map;

/** Requests written as plain words, such as {@code CreateTask nyc-delays month=7}, for people who call by the peer command. */
final class PlainWords {
    private PlainWords() {}

    /**
     * {@code NAME@VERSION [PARAMETER=VALUE ...]}. The version is needed: to find the latest, the transaction would read a range that the next
     * deployment changes.
     */
    static ContractApi.NewTask newTask(Call call, List<String> words) {
        var named = workflow(words.subList(0, 1));
        if (named.version() == null) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID,
                    "Say which version: " + named.name() + "@VERSION. Deployed are those that ListWorkflows tells.");
        }
        var digest = Workflows.named(call, named.name(), named.version());
        Map<String, Schema> declared = Workflows.load(call, digest).parameters();
        var arguments = CanonicalJson.object();
        for (String word : words.subList(1, words.size())) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            Schema schema = declared.get(name);
            if (equals < 0 || schema == null) {
                throw new SelvageException(
                        ErrorCode.ARGUMENT_INVALID,
                        equals < 0
                                ? "Arguments are written name=value, not \"" + word + "\"."
                                : named.name() + " has no parameter \"" + name + "\""
                                        + Suggestion.among(name, declared.keySet()) + ".");
            }
            arguments.set(name, value(schema, word.substring(equals + 1)));
        }
        return new ContractApi.NewTask(digest, arguments, null, null);
    }

    private static JsonNode value(Schema schema, String text) {
        return schema.type().equals("array") ? list(schema, text) : schema.readScalar(text);
    }

    private static JsonNode list(Schema schema, String text) {
        Schema element = schema.items() == null ? Schema.ofType("string") : schema.items();
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (String item : text.split(",", -1)) {
            list.add(value(element, item));
        }
        return list;
    }

    /** {@code TASK [REASON ...]}. */
    static ContractApi.TaskAct act(List<String> words) {
        String reason = String.join(" ", words.subList(1, words.size()));
        return new ContractApi.TaskAct(words.get(0), reason.isEmpty() ? null : reason);
    }

    /** {@code NAME[@VERSION]}. */
    static ContractApi.WorkflowQuery workflow(List<String> words) {
        String word = only(words, 1, "NAME or NAME@VERSION").get(0);
        int at = word.indexOf('@');
        return at < 0
                ? new ContractApi.WorkflowQuery(null, word, null)
                : new ContractApi.WorkflowQuery(null, word.substring(0, at), word.substring(at + 1));
    }

    static ContractApi.TaskQuery task(List<String> words) {
        return new ContractApi.TaskQuery(only(words, 1, "TASK").get(0));
    }

    static ContractApi.SubTaskQuery subTask(List<String> words) {
        only(words, 2, "TASK SUB-TASK");
        return new ContractApi.SubTaskQuery(words.get(0), words.get(1), null);
    }

    static ContractApi.OutputQuery output(List<String> words) {
        only(words, 4, "TASK SUB-TASK INDEX OUTPUT");
        if (!words.get(2).matches("[0-9]{1,6}")) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID, "INDEX counts the parts from 0, not \"" + words.get(2) + "\".");
        }
        return new ContractApi.OutputQuery(words.get(0), words.get(1), Integer.parseInt(words.get(2)), words.get(3));
    }

    static ContractApi.KeyQuery key(List<String> words) {
        return new ContractApi.KeyQuery(only(words, 1, "KEY").get(0));
    }

    static ContractApi.PermissionQuery permission(List<String> words) {
        return new ContractApi.PermissionQuery(only(words, 1, "TASK").get(0), null);
    }

    private static List<String> only(List<String> words, int count, String wanted) {
        if (words.size() != count) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID,
                    "The arguments are " + wanted + ", or one JSON text; " + words.size() + " were given.");
        }
        return words;
    }
}
