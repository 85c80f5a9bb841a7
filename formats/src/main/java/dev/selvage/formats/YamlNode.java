package dev.selvage.formats;

import com.fasterxml.jackson.databind.JsonNode;

/** A value in a YAML file, with its place. */
public sealed interface YamlNode permits YamlMap, YamlList, YamlScalar {
    Position position();

    /** The keys that lead here, such as {@code subTasks.merge.inputs}; empty for the document itself. */
    String path();

    /** What it is, for a message: "a map", "a list", "text", "a number". */
    String kind();

    /**
     * The value as JSON by the core schema of YAML 1.2. Numbers are integers within 2^53: others are noted as problems (they are
     * written in quotes) and become null.
     */
    JsonNode json();
}
