package dev.selvage.formats.workflow;

import dev.selvage.formats.Problems;
import dev.selvage.formats.Yaml;
import dev.selvage.formats.YamlText;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.Workflow;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads and writes workflow files (docs/workflow-file.md). */
public final class WorkflowFile {
    private WorkflowFile() {}

    /**
     * Reads a workflow and the operation files that it names, and checks them by the rules that the contract has as well.
     *
     * @throws SelvageException FILE_UNREADABLE; NOT_SUPPORTED where nothing else is wrong; else WORKFLOW_INVALID or
     *     OPERATION_INVALID; with every problem
     */
    public static WorkflowSource read(Path file) {
        var problems = new Problems(ErrorCode.WORKFLOW_INVALID, "nothing deployed");
        var source = new WorkflowReader(file, problems).read(Yaml.read(file, problems));
        problems.throwIfAny();
        return source;
    }

    /**
     * The files of a workflow, by their paths relative to one folder: {@code workflow.yaml} and the operations. Reading them gives the
     * same digests.
     */
    public static Map<String, String> write(WorkflowSource source) {
        Map<String, String> paths = new LinkedHashMap<>();
        Map<String, String> files = new LinkedHashMap<>();
        source.workflow().operations().keySet().forEach(id -> {
            var path = "operations/" + id.replace('/', '-') + ".yaml";
            paths.put(id, "./" + path);
            files.put(path, OperationFile.write(source.operations().get(id)));
        });
        files.put("workflow.yaml", write(source.workflow(), paths));
        return files;
    }

    /**
     * The text of a workflow alone.
     *
     * @param operationPaths where the file finds its operations, by id; their digests stand there where none is given
     */
    public static String write(Workflow workflow, Map<String, String> operationPaths) {
        return YamlText.of(WorkflowWriter.tree(workflow, operationPaths));
    }
}
