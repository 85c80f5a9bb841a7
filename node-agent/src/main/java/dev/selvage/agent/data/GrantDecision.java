package dev.selvage.agent.data;

import java.util.function.Function;

/** Whether a data set serves an operation of a creator's task. */
public sealed interface GrantDecision {
    /** It does, by this grant. */
    record Granted(Grant grant) implements GrantDecision {}

    /** It does not. The reason, for a person, names the command that would change it. */
    record Missing(String reason) implements GrantDecision {}

    default <T> T fold(Function<Granted, T> granted, Function<Missing, T> missing) {
        return this instanceof Granted yes ? granted.apply(yes) : missing.apply((Missing) this);
    }
}
