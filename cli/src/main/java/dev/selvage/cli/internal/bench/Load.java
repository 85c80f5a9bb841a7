package dev.selvage.cli.internal.bench;

/** Something that puts load on the ledger: as many at a time as it is told, a new one whenever one ends. */
interface Load {
    /** How many at a time; for parts of a wide fan-out, how many there can be. */
    int inFlight();

    /** How many have ended well since the load was made. */
    int allItems();

    /**
     * Runs until the recorder's time is over and everything that was begun has ended.
     *
     * @throws dev.selvage.model.SelvageException when the ledger refuses or does not answer
     */
    void run(Recorder recorder) throws InterruptedException;
}
