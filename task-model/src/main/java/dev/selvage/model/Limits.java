package dev.selvage.model;

/** What the contract and everybody who prepares its transactions hold to (LEDGER.md). Sizes are in bytes. */
public final class Limits {
    public static final int SUB_TASKS = 100;
    /** Operations that a workflow names. */
    public static final int OPERATIONS = 20;

    public static final int PARTS = 10_000;
    public static final int ATTEMPTS = 20;
    public static final int ARGUMENTS = 64 * 1024;
    public static final int OPERATION = 16 * 1024;
    public static final int WORKFLOW = 256 * 1024;
    /** A pinned input or an output kept on the ledger. */
    public static final int ON_LEDGER = 16 * 1024;

    public static final int EVIDENCE = 1024;
    public static final int MESSAGE = 512;
    public static final int EVENT = 64 * 1024;
    /** Round trips between chaincode and peer in one transaction. */
    public static final int ROUND_TRIPS = 128;
    /** What one transaction may read. */
    public static final int READ_BYTES = 4 * 1024 * 1024;
    /** Keys that a range read brings per round trip. */
    public static final int RANGE_BATCH = 100;
    /** What one request to the contract may bring, in bytes. */
    public static final int REQUEST = 1024 * 1024;
    /** Results in one transaction. */
    public static final int RESULTS = 64;
    /** Steps or parts in one Advance or Expire. */
    public static final int STEPS = 64;
    /** Dependents that one transaction makes ready. */
    public static final int OPENED = 16;

    public static final int OUTPUTS = 16;
    public static final long OUTPUT_SIZE = 4L << 30;
    /** Entries in a page of a query. */
    public static final int PAGE = 100;

    /** By how much the clocks of the channel's members may differ, in milliseconds, unless the contract is started with another value. */
    public static final long CLOCK_SKEW = 60_000;
    /** Ranges of cited parts that a task made by retry holds; what lies beyond is computed again. */
    public static final int CITATIONS = 256;

    private Limits() {}
}
