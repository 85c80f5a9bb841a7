package dev.selvage.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/**
 * One sub-task of a workflow.
 *
 * @param forEach how it splits into parts; null for a single part
 * @param participants operation by role; a forEach over roles names its variable instead of a role
 * @param dependsOn sub-tasks to wait for beyond those whose results are inputs
 * @param requirement null for the operation's own
 */
public record SubTask(
        String description,
        ForEach forEach,
        Map<String, Participant> participants,
        Map<String, Input> inputs,
        Map<String, Output> outputs,
        Requirement requirement,
        Deadlines deadlines,
        Retry retry,
        List<String> dependsOn,
        RunIf runIf,
        ResultPolicy result) {

    public SubTask {
        participants = Workflow.sorted(participants);
        inputs = Workflow.sorted(inputs);
        outputs = Workflow.sorted(outputs);
        deadlines = deadlines == null ? new Deadlines(null, null, null, null) : deadlines;
        retry = retry == null ? new Retry(null, null, null) : retry;
        dependsOn = dependsOn == null
                ? List.of()
                : List.copyOf(dependsOn).stream().sorted().distinct().toList();
        runIf = runIf == null ? RunIf.SUCCESS : runIf;
        result = result == null ? new ResultPolicy(null) : result;
    }

    /** The operation of the only participant. */
    @JsonIgnore
    public String operation() {
        return participants.values().iterator().next().operation();
    }

    /** Whether its parts are tied to the nodes that hold their data, so that a retry cannot move. */
    @JsonIgnore
    public boolean usesNodeData() {
        return inputs.values().stream().anyMatch(Input.Data.class::isInstance);
    }

    /** Whether it reads chain state when it becomes ready. */
    @JsonIgnore
    public boolean pinsState() {
        return inputs.values().stream()
                .anyMatch(input -> input instanceof Input.State state && state.pin() == Input.Pin.READY);
    }

    /**
     * Parts: exactly one of role, count and parameter.
     *
     * @param role one part for each of these roles
     * @param count this many parts
     * @param parameter one part for each element of this list argument
     * @param as the variable's name
     */
    public record ForEach(List<String> role, Integer count, String parameter, String as) {
        public ForEach {
            role = role == null ? List.of() : List.copyOf(role);
        }
    }

    /** What a role runs. */
    public record Participant(String operation) {}

    /**
     * What a sub-task returns.
     *
     * @param visibility roles that may fetch the bytes, or the single word {@value #CHANNEL}
     * @param maxSize in bytes
     * @param onLedger whether the bytes themselves go on the ledger
     */
    public record Output(List<String> visibility, Long maxSize, Boolean onLedger) {
        public static final String CHANNEL = "channel";
        static final long DEFAULT_SIZE = 16L << 20;

        public Output {
            visibility = visibility == null
                    ? List.of()
                    : List.copyOf(visibility).stream().sorted().distinct().toList();
            onLedger = onLedger != null && onLedger;
            maxSize = maxSize == null ? (onLedger ? Limits.ON_LEDGER : DEFAULT_SIZE) : maxSize;
        }

        @JsonIgnore
        public boolean isPublic() {
            return visibility.contains(CHANNEL);
        }
    }

    /**
     * What a run needs.
     *
     * @param cpus thousandths of a core
     * @param memory bytes
     * @param storage bytes
     */
    public record Requirement(Long cpus, Long memory, Long storage) {
        public static final Requirement DEFAULT = new Requirement(null, null, null);

        public Requirement {
            cpus = cpus == null ? 1000L : cpus;
            memory = memory == null ? 256L << 20 : memory;
            storage = storage == null ? 64L << 20 : storage;
        }
    }

    /** How long each phase may take, in milliseconds: until a node takes it, gets its inputs, runs, and publishes. */
    public record Deadlines(Long accept, Long fetch, Long run, Long publish) {
        public Deadlines {
            accept = accept == null ? 3_600_000L : accept;
            fetch = fetch == null ? 300_000L : fetch;
            run = run == null ? 3_600_000L : run;
            publish = publish == null ? 300_000L : publish;
        }

        /** All phases together, in milliseconds. */
        @JsonIgnore
        public long total() {
            return accept + fetch + run + publish;
        }
    }

    /**
     * When a failed part runs again.
     *
     * @param attempts all attempts, the first included
     * @param categories of failures that are worth it
     */
    public record Retry(
            Integer attempts,
            List<ErrorCategory> categories,
            @JsonProperty("wait") Pause pause) {
        public Retry {
            attempts = attempts == null ? 1 : attempts;
            categories = categories == null || categories.isEmpty()
                    ? List.of(ErrorCategory.EXTERNAL, ErrorCategory.RESOURCE)
                    : categories.stream()
                            .distinct()
                            .sorted(java.util.Comparator.comparing(Enum::name))
                            .toList();
            pause = pause == null ? new Pause(null, null) : pause;
        }

        /** Whether a failure of this attempt leads to another one. */
        public boolean again(int attempt, Failure failure) {
            return attempt < attempts && failure.retryable() && categories.contains(failure.category());
        }
    }

    /** The pause before a retry in milliseconds: it doubles from first up to max. */
    public record Pause(Long first, Long max) {
        public Pause {
            first = first == null ? 5_000L : first;
            max = max == null ? Math.max(60_000L, first) : max;
        }

        /** The pause before the given attempt (2 is the first retry), in milliseconds. */
        public long before(int attempt) {
            long pause = first;
            for (int i = 2; i < attempt && pause < max; i++) {
                pause *= 2;
            }
            return Math.min(pause, max);
        }
    }

    /** Which outcome of its predecessors lets a sub-task run. */
    public enum RunIf {
        @JsonProperty("success")
        SUCCESS,
        @JsonProperty("failure")
        FAILURE,
        @JsonProperty("always")
        ALWAYS
    }

    /** How results of several roles make one; this version has {@code all}. */
    public record ResultPolicy(String policy) {
        public ResultPolicy {
            policy = policy == null ? "all" : policy;
        }
    }
}
