package dev.selvage.agent.audit;

/** Told how far long work is. Called by any thread. */
interface Progress {
    /** Nobody listens. */
    Progress NONE = new Progress() {
        @Override
        public void phase(String what, long total) {}

        @Override
        public void done(long bytes) {}
    };

    /**
     * Something begins.
     *
     * @param what for a person
     * @param total bytes that it has; 0 where it is not measured in bytes
     */
    void phase(String what, long total);

    /** So many more bytes are done. */
    void done(long bytes);
}
