package dev.selvage.agent.data;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Rows that are asked for again and again, by name, until somebody changes them. Thread-safe. */
final class Remembered<T> {
    private final Map<String, T> known = new HashMap<>();
    private long version;

    /** The rows of that name, loaded where they are not known; null is not remembered. */
    T get(String name, Supplier<T> load) {
        long at;
        synchronized (this) {
            T found = known.get(name);
            if (found != null) {
                return found;
            }
            at = version;
        }
        T loaded = load.get();
        synchronized (this) {
            if (loaded != null && version == at) { // else a change overtook it
                known.put(name, loaded);
            }
        }
        return loaded;
    }

    /** Rows changed, and the change is committed. */
    synchronized void forget() {
        version++;
        known.clear();
    }
}
