package dev.selvage.cli.internal.quickstart;

import java.util.Locale;

/** The examples that the three nodes of the local network can run. */
public enum Example {
    /** The main job. */
    NYC_DELAYS,
    /** The same with the carriers' names, from a chaincode of the example's own. */
    NYC_DELAYS_NAMED,
    /** One sub-task for each airport, and one that waits for all of them. */
    FAN_IN;

    /** Its folder, which is also the name of its workflow. */
    String folder() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return folder();
    }
}
