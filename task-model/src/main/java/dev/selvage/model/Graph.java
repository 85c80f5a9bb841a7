package dev.selvage.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The order of a workflow's sub-tasks: who waits for whom. Immutable. */
public final class Graph {
    private final Map<String, Set<String>> dependencies = new TreeMap<>();
    private final Map<String, Set<String>> dependents = new TreeMap<>();

    private Graph(Map<String, SubTask> subTasks) {
        subTasks.keySet().forEach(name -> dependents.put(name, new TreeSet<>()));
        subTasks.forEach((name, subTask) -> {
            Set<String> needs = new TreeSet<>(subTask.dependsOn());
            subTask.inputs().values().forEach(input -> {
                if (input instanceof Input.Result result && result.result() != null) {
                    needs.add(result.result());
                }
            });
            needs.retainAll(subTasks.keySet());
            dependencies.put(name, needs);
            needs.forEach(need -> dependents.get(need).add(name));
        });
    }

    /** The graph of these sub-tasks; names of others among their dependencies are left out. */
    public static Graph of(Map<String, SubTask> subTasks) {
        return new Graph(subTasks);
    }

    /** What a sub-task waits for, in order of the names. */
    public Set<String> dependencies(String subTask) {
        return Collections.unmodifiableSet(dependencies.get(subTask));
    }

    /** What waits for a sub-task, in order of the names. */
    public Set<String> dependents(String subTask) {
        return Collections.unmodifiableSet(dependents.get(subTask));
    }

    /** Sub-tasks that wait for nobody, in order of their names. */
    public List<String> roots() {
        return dependencies.keySet().stream()
                .filter(name -> dependencies.get(name).isEmpty())
                .toList();
    }

    /** Sub-tasks that nobody waits for, in order of their names. */
    public List<String> leaves() {
        return dependents.keySet().stream()
                .filter(name -> dependents.get(name).isEmpty())
                .toList();
    }

    /** All sub-tasks, each after those it waits for; on a cycle, those that can be ordered. */
    public List<String> order() {
        Set<String> done = new LinkedHashSet<>();
        boolean moved = true;
        while (moved) {
            moved = false;
            for (String name : dependencies.keySet()) {
                if (!done.contains(name) && done.containsAll(dependencies.get(name))) {
                    done.add(name);
                    moved = true;
                }
            }
        }
        return List.copyOf(done);
    }

    /** Sub-tasks that wait for each other in a circle, if there are such. */
    public Optional<List<String>> cycle() {
        Set<String> left = new TreeSet<>(dependencies.keySet());
        left.removeAll(order());
        if (left.isEmpty()) {
            return Optional.empty();
        }
        // each of those left waits for another of them: walk until one comes again
        List<String> walk = new ArrayList<>();
        String at = left.iterator().next();
        while (!walk.contains(at)) {
            walk.add(at);
            at = dependencies.get(at).stream()
                    .filter(left::contains)
                    .findFirst()
                    .orElseThrow();
        }
        return Optional.of(walk.subList(walk.indexOf(at), walk.size()));
    }
}
