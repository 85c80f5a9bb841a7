package dev.selvage.cli.it;

import static dev.selvage.cli.it.MainJobNetwork.awaitAnswer;
import static dev.selvage.cli.it.MainJobNetwork.done;
import static dev.selvage.cli.it.MainJobNetwork.json;
import static dev.selvage.cli.it.MainJobNetwork.newTask;
import static dev.selvage.cli.it.MainJobNetwork.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Engines that print rubbish, hang, die, flood or answer what was not agreed: each fails its part with its code, and nothing else. */
@ExtendWith(MainJobNetwork.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BadEnginesIT {
    /** What the program does with a request whose key is in $key. */
    private static final Map<String, String> DEEDS = new TreeMap<>(Map.of(
            "rubbish", "echo 'loading model...'",
            "hang", "sleep 600",
            "die", "exit 3",
            "flood", "while :; do printf '%01000d' 0; done",
            "undeclared", "outcome 'b\\n1\\n'",
            "oversized", "outcome \"a\\n$(yes 1 | head -n 2000 | tr '\\n' ,)\\n\""));

    private static final Map<String, String> CODES = Map.of(
            "rubbish", "ENGINE_PROTOCOL",
            "hang", "ENGINE_TIMEOUT",
            "die", "ENGINE_DIED",
            "flood", "ENGINE_FLOOD",
            "undeclared", "OUTPUT_INVALID",
            "oversized", "ENGINE_FLOOD");

    private static final String PROGRAM = """
            outcome() {
              printf '{"key":%s,"outcome":{"outputs":[{"name":"table","mediaType":"text/csv","place":{"text":"%s"}}]}}\\n' "$key" "$1"
            }
            echo '{"description":{"engine":"NAME","version":"1","instance":"'$$'","deterministic":true,"operations":[{"id":"bad.NAME/1"}]}}'
            while read -r line; do
              case $line in *'"start"'*) ;; *) continue ;; esac
              key=$(printf '%s' "$line" | sed 's/.*"key":\\({[^}]*}\\).*/\\1/')
              printf '{"key":%s,"accepted":{}}\\n' "$key"
              DEED
            done
            """;

    @Test
    void each_fails_its_part_with_its_code_and_nothing_else() throws Exception {
        var engines = MainJobNetwork.network().data.resolve("nodes/lga/engines");
        for (var deed : DEEDS.entrySet()) {
            var name = deed.getKey();
            Files.writeString(engines.resolve("operations/bad." + name + ".yaml"), OPERATION.replace("NAME", name));
            Files.writeString(
                    engines.resolve(name + ".sh"), PROGRAM.replace("NAME", name).replace("DEED", deed.getValue()));
            Files.writeString(engines.resolve(name + ".yaml"), ENGINE.replace("NAME", name));
        }
        done("node", "reload", "LgaMSP/node1");
        done("workflow", "deploy", workflow());
        var task = json("task", "run", "bad-engines").get("task").asText();
        var good = newTask();

        assertThat(run("task", "watch", task, "--wait", "60s").status()).isEqualTo(3);
        var failures = json("task", "why", task).get("failures");
        assertThat(failures).hasSize(CODES.size());
        failures.forEach(failure -> assertThat(failure.get("code").asText())
                .as(failure.toString())
                .isEqualTo(CODES.get(failure.get("part").asText())));
        awaitAnswer(good);
    }

    private static final String OPERATION = """
            selvage: operation/v1
            operation: bad.NAME/1
            deterministic: true
            outputs: {table: {mediaType: text/csv, columns: [{name: a, type: text}]}}
            """;

    private static final String ENGINE = """
            engine: NAME
            transport: stdio
            connect: {command: [sh, NAME.sh]}
            operations: {bad.NAME/1: native}
            limits: {run: 2s}
            """;

    private static String workflow() throws IOException {
        var folder = MainJobNetwork.folder("bad-engines");
        Files.createDirectories(folder.resolve("operations"));
        var operations = new StringBuilder();
        var subTasks = new StringBuilder();
        for (String name : DEEDS.keySet()) {
            Files.writeString(folder.resolve("operations/bad." + name + ".yaml"), OPERATION.replace("NAME", name));
            operations.append("  bad.NAME/1: ./operations/bad.NAME.yaml\n".replace("NAME", name));
            subTasks.append("""
                      NAME:
                        participants: {lga: {operation: bad.NAME/1}}
                        outputs: {table: {visibility: channel, maxSize: 1Ki}}
                        requirement: {cpus: 100m, memory: 16Mi, storage: 1Mi}
                        retry: {attempts: 1}
                    """.replace("NAME", name));
        }
        var file = folder.resolve("workflow.yaml");
        Files.writeString(
                file,
                "selvage: workflow/v1\nname: bad-engines\nversion: 1.0.0\noperations:\n" + operations
                        + "roles: {lga: {node: LgaMSP/node1}}\nsubTasks:\n" + subTasks
                        + "results: {table: {result: hang, output: table}}\n");
        return file.toString();
    }
}
