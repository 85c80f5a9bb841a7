package dev.selvage.chaincode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Words of the workflow format that later versions will understand (FORMATS.md): refused as such, and never half-understood. */
final class Reserved {
    private static final Set<String> WORKFLOW = Set.of("channels", "place", "protection", "settle", "seed", "suspend");
    private static final Set<String> INPUT = Set.of("block", "key", "name");

    private Reserved() {}

    static List<Problem> problems(JsonNode workflow) {
        List<Problem> problems = new ArrayList<>();
        find(workflow, WORKFLOW, "", problems);
        workflow.path("roles")
                .properties()
                .forEach(role -> find(role.getValue(), Set.of("place"), "roles." + role.getKey() + ".", problems));
        workflow.path("subTasks").properties().forEach(subTask -> {
            String path = "subTasks." + subTask.getKey() + ".";
            find(subTask.getValue(), WORKFLOW, path, problems);
            subTask.getValue()
                    .path("inputs")
                    .properties()
                    .forEach(input -> find(input.getValue(), INPUT, path + "inputs." + input.getKey() + ".", problems));
            subTask.getValue().path("outputs").properties().forEach(output -> {
                for (JsonNode who : output.getValue().path("visibility")) {
                    if (who.isObject()) {
                        problems.add(problem(path + "outputs." + output.getKey() + ".visibility"));
                    }
                }
            });
        });
        return problems;
    }

    private static void find(JsonNode in, Set<String> words, String path, List<Problem> problems) {
        in.properties().forEach(entry -> {
            if (words.contains(entry.getKey())) {
                problems.add(problem(path + entry.getKey()));
            }
        });
    }

    private static Problem problem(String path) {
        return new Problem(ErrorCode.NOT_SUPPORTED, path, "is not supported yet");
    }
}
