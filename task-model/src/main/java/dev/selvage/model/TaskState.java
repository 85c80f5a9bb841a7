package dev.selvage.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a task stands; what leads where is in {@link Transitions#TASK}. */
public enum TaskState {
    @JsonProperty("AwaitingApproval")
    AWAITING_APPROVAL("AwaitingApproval"),
    @JsonProperty("Running")
    RUNNING("Running"),
    @JsonProperty("Suspended")
    SUSPENDED("Suspended"),
    @JsonProperty("Succeeded")
    SUCCEEDED("Succeeded"),
    @JsonProperty("Failed")
    FAILED("Failed"),
    @JsonProperty("Rejected")
    REJECTED("Rejected"),
    @JsonProperty("Cancelled")
    CANCELLED("Cancelled"),
    @JsonProperty("Expired")
    EXPIRED("Expired");

    private final String label;

    TaskState(String label) {
        this.label = label;
    }

    /** Whether nothing can follow. */
    public boolean ended() {
        return Transitions.TASK.isFinal(this);
    }

    @Override
    public String toString() {
        return label;
    }
}
