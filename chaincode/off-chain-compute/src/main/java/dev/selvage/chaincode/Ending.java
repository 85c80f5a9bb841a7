package dev.selvage.chaincode;

import dev.selvage.model.Facts;
import dev.selvage.model.Keys;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.TaskState;

/** Writes a task's end. Whoever does has read it as absent, so a task ends once. */
final class Ending {
    private Ending() {}

    static void end(TaskContext task, TaskState state, String code, String message) {
        Call call = task.call();
        call.state()
                .put(
                        Keys.end(task.id()),
                        new Facts.EndFact(state, code, message, call.caller().party(), call.at(), call.txid()));
        call.tell(new LedgerEvent.End(task.id(), state));
    }

    /**
     * Deletes what nodes have to do of a task that was cut short, as far as there is room. The deletes are blind, so they conflict with
     * nothing; a query leaves out what stays.
     */
    static void closeTodos(TaskContext task) {
        task.workflow().subTasks().forEach((name, subTask) -> Opening.closeTodos(task, name, subTask, 0));
    }
}
