package dev.selvage.network.fabric;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Processes that end with this one at the latest, so that nobody else needs to find them. */
final class GuardedProcesses implements NativeFabric.Processes {
    private final Map<String, ProcessHandle> started = new ConcurrentHashMap<>();

    @Override
    public void started(String name, ProcessHandle process, List<Integer> ports) {
        started.put(name, process);
        OrphanGuard.watch(process);
    }

    @Override
    public Optional<ProcessHandle> running(String name) {
        return Optional.ofNullable(started.get(name)).filter(ProcessHandle::isAlive);
    }
}
