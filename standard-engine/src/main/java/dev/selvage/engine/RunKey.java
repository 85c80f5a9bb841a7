package dev.selvage.engine;

import dev.selvage.model.Digest;
import dev.selvage.model.Names;
import java.nio.charset.StandardCharsets;

/**
 * The idempotency key of a run: by it an engine recognises a repeat.
 *
 * @param task the task's id
 * @param part from 0; 0 where the sub-task has no forEach
 * @param attempt from 1
 */
public record RunKey(String task, String subTask, int part, int attempt, String role) {
    public RunKey {
        Names.component("task", task);
        Names.component("subTask", subTask);
        Names.component("role", role);
        if (part < 0 || attempt < 1) {
            throw new IllegalArgumentException("part " + part + " or attempt " + attempt + " is out of range");
        }
    }

    /** {@code task/subTask/part/attempt/role}, unambiguous because no component holds a "/". */
    public String text() {
        return task + "/" + subTask + "/" + part + "/" + attempt + "/" + role;
    }

    /** 32 hexadecimal digits that stand for this key where a foreign engine takes an id from its caller. */
    public String hex32() {
        return Digest.of(text().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
    }

    @Override
    public String toString() {
        return text();
    }
}
