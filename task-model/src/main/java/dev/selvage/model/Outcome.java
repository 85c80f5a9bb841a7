package dev.selvage.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a part ended. */
public enum Outcome {
    @JsonProperty("S")
    SUCCEEDED,
    @JsonProperty("F")
    FAILED
}
