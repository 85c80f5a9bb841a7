package dev.selvage.agent.peer;

import dev.selvage.model.Names;

/** What content is wanted for. It is signed with the request and decides, with the ledger's facts, who is entitled. */
public sealed interface Purpose {
    /** The task in whose name it is wanted. */
    String task();

    /** An input of a sub-task that the asking node runs. */
    record RunInput(String task, String subTask, String input) implements Purpose {
        public RunInput {
            Names.taskId(task);
            Names.component("The sub-task", subTask);
            Names.component("The input", input);
        }
    }

    /** Somebody wants to see a result of a task. */
    record Result(String task) implements Purpose {
        public Result {
            Names.taskId(task);
        }
    }
}
