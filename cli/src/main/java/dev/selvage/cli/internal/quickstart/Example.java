package dev.selvage.cli.internal.quickstart;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The examples that the three nodes of the local network can run. */
public enum Example {
    /** The main job. */
    NYC_DELAYS,
    /** The same with the carriers' names, from a chaincode of the example's own. */
    NYC_DELAYS_NAMED,
    /** One sub-task for each airport, and one that waits for all of them. */
    FAN_IN,
    /** A data set is audited, sold and compared. */
    DATA_SALE;

    /** Whether it computes delays, in the organisations' own engines. */
    boolean needsEngines() {
        return this != DATA_SALE;
    }

    /** Its folder, which is also the name of its workflow. */
    String folder() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return folder();
    }

    private static List<String> names() {
        return Arrays.stream(values()).map(Example::folder).toList();
    }

    /** Reads an example by its name. */
    public static final class Converter implements ITypeConverter<Example> {
        @Override
        public Example convert(String name) {
            return Arrays.stream(values())
                    .filter(example -> example.folder().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "expected one of " + String.join(", ", names()) + " but was '" + name + "'"));
        }
    }

    /** Their names, for help and completion. */
    public static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return names().iterator();
        }
    }
}
