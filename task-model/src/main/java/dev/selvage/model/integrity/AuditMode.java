package dev.selvage.model.integrity;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How data is anchored and audited (docs/integrity.md). */
public enum AuditMode {
    /** As published; proves no possession. */
    @JsonProperty("paper")
    PAPER("paper"),
    /** Challenged blocks are opened. An audit in this mode also runs against a sectored anchor. */
    @JsonProperty("merkle")
    MERKLE("merkle"),
    /** Masked tags: no block is shown. */
    @JsonProperty("sectored")
    SECTORED("sectored");

    private final String label;

    AuditMode(String label) {
        this.label = label;
    }

    /** Whether data anchored in this mode can be audited in the other one. */
    public boolean allows(AuditMode audit) {
        return this == audit || (this == SECTORED && audit == MERKLE);
    }

    /** Whether an anchor of this mode names a key of its owner. */
    public boolean needsKey() {
        return this != MERKLE;
    }

    @Override
    public String toString() {
        return label;
    }
}
