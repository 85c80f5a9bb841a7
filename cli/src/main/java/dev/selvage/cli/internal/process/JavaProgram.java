package dev.selvage.cli.internal.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A Java program to start as a process of its own.
 *
 * @param name of the process
 * @param kind what it is
 * @param classPath jars, in order
 * @param mainClass where it begins
 * @param arguments never a secret: every user of the machine can read them
 * @param properties system properties
 * @param environment added to the few variables that are passed on
 * @param memory the heap's limit in megabytes
 * @param program the same for processes that run the same program: they share a class-data archive
 * @param ports on which it will listen
 */
public record JavaProgram(
        String name,
        ProcessRecord.Kind kind,
        List<Path> classPath,
        String mainClass,
        List<String> arguments,
        Map<String, String> properties,
        Map<String, String> environment,
        int memory,
        String program,
        List<Integer> ports) {
    public JavaProgram {
        classPath = List.copyOf(classPath);
        arguments = List.copyOf(arguments);
        properties = Map.copyOf(properties);
        environment = Map.copyOf(environment);
        ports = List.copyOf(ports);
    }
}
