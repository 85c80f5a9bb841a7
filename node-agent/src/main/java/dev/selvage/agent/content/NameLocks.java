package dev.selvage.agent.content;

import dev.selvage.model.Digest;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Keep a file's name and its record together: whoever adds or holds an item excludes others of the same name, whoever removes items excludes all.
 * Additions of different content go on side by side and share the disk's syncs.
 */
final class NameLocks {
    private static final int STRIPES = 64;

    private final ReentrantReadWriteLock all = new ReentrantReadWriteLock();
    private final List<Lock> stripes =
            Stream.<Lock>generate(ReentrantLock::new).limit(STRIPES).toList();

    /** Adds or holds the item of this digest. */
    void oneName(Digest plain, Runnable work) {
        Lock stripe = stripes.get(Math.floorMod(plain.hashCode(), STRIPES));
        all.readLock().lock();
        stripe.lock();
        try {
            work.run();
        } finally {
            stripe.unlock();
            all.readLock().unlock();
        }
    }

    /** Adds an item whose name and record are one. */
    void anyName(Runnable work) {
        all.readLock().lock();
        try {
            work.run();
        } finally {
            all.readLock().unlock();
        }
    }

    /** Looks for items to remove, and removes them. */
    <T> T allNames(Supplier<T> work) {
        all.writeLock().lock();
        try {
            return work.get();
        } finally {
            all.writeLock().unlock();
        }
    }
}
