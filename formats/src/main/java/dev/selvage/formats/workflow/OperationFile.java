package dev.selvage.formats.workflow;

import dev.selvage.formats.Problems;
import dev.selvage.formats.Yaml;
import dev.selvage.formats.YamlText;
import dev.selvage.formats.YamlValue;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation;
import dev.selvage.model.SelvageException;
import java.nio.file.Path;

/** Reads and writes operation files (docs/operation-file.md). */
public final class OperationFile {
    private OperationFile() {}

    /**
     * Reads an operation.
     *
     * @throws SelvageException FILE_UNREADABLE, or OPERATION_INVALID with every problem
     */
    public static Operation read(Path file) {
        var problems = problems();
        return finish(Yaml.read(file, problems), problems);
    }

    /**
     * Reads an operation from text.
     *
     * @param file what problems name
     * @throws SelvageException OPERATION_INVALID with every problem
     */
    public static Operation parse(String file, String text) {
        var problems = problems();
        return finish(Yaml.parse(file, text, problems), problems);
    }

    private static Operation finish(YamlValue document, Problems problems) {
        var operation = new OperationReader(problems).read(document);
        problems.throwIfAny();
        return operation;
    }

    private static Problems problems() {
        return new Problems(ErrorCode.OPERATION_INVALID, "");
    }

    /** The text of an operation; reading it gives the same digest. */
    public static String write(Operation operation) {
        return YamlText.of(OperationWriter.tree(operation));
    }
}
