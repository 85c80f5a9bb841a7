package dev.selvage.cli.internal.doctor;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What counts as well.
 *
 * @param skew how far two clocks may be apart
 * @param term certificates that expire within it are warned of
 * @param version the chaincode's version that must be committed; empty: another one than this build's is warned of
 * @param sequence that must be committed; empty for any
 */
public record DoctorSettings(
        Duration skew, Duration term, Optional<String> version, OptionalLong sequence, String build) {}
