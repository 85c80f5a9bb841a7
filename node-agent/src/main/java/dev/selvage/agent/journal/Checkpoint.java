package dev.selvage.agent.journal;

import dev.selvage.model.Digest;

/** The last block whose effects are in the journal. */
public record Checkpoint(long block, Digest hash) {}
