package dev.selvage.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a sub-task of a task stands; what leads where is in {@link Transitions#SUB_TASK}. */
public enum SubTaskState {
    @JsonProperty("Waiting")
    WAITING("Waiting"),
    @JsonProperty("Ready")
    READY("Ready"),
    @JsonProperty("Running")
    RUNNING("Running"),
    @JsonProperty("Succeeded")
    SUCCEEDED("Succeeded"),
    @JsonProperty("Failed")
    FAILED("Failed"),
    @JsonProperty("Skipped")
    SKIPPED("Skipped"),
    @JsonProperty("Cancelled")
    CANCELLED("Cancelled"),
    @JsonProperty("Expired")
    EXPIRED("Expired");

    private final String label;

    SubTaskState(String label) {
        this.label = label;
    }

    /** Whether its outcome is known: nothing can follow within the task. */
    public boolean resolved() {
        return Transitions.SUB_TASK.isFinal(this);
    }

    @Override
    public String toString() {
        return label;
    }
}
