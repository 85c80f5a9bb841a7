package dev.selvage.scheduler;

/**
 * An engine with resources set aside for one run. Hand it back by {@link Scheduler#release}.
 *
 * @param engine the engine's name
 * @param since when the resources were set aside, milliseconds since 1970 UTC
 */
public record EngineChoice(Demand demand, String engine, long since) {}
