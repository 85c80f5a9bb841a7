package dev.selvage.formats.workflow;

import dev.selvage.formats.Problems;
import dev.selvage.formats.Units;
import dev.selvage.formats.Yaml;
import dev.selvage.formats.YamlMap;
import dev.selvage.formats.YamlValue;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Limits;
import dev.selvage.model.Names;
import dev.selvage.model.NodeId;
import dev.selvage.model.Operation;
import dev.selvage.model.Problem;
import dev.selvage.model.SelvageException;
import dev.selvage.model.Workflow;
import dev.selvage.model.WorkflowRules;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Takes a workflow from its file. */
final class WorkflowReader {
    private static final Pattern VERSION = Pattern.compile("[0-9]+\\.[0-9]+\\.[0-9]+(-[A-Za-z0-9.-]{1,32})?");
    private static final int MAX_PATH = 1024;
    /** Stands for an operation whose file could not be read, so that its name is known to the rest of the file. */
    private static final Digest UNREAD = Digest.of(new byte[0]);

    private final Path file;
    private final Problems problems;
    private final Map<String, Operation> operations = new TreeMap<>();
    private final Set<String> unread = new HashSet<>();

    WorkflowReader(Path file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /** The workflow, or null when anything is wrong. */
    WorkflowSource read(YamlValue document) {
        var root = document.map();
        if (!document.isMap()) {
            return null;
        }
        root.notSupported("channels", "place", "protection", "settle", "seed", "suspend");
        var format = root.required("selvage").oneOf(Workflow.FORMAT);
        var name = root.required("name").name();
        var version = root.required("version").matching(VERSION, "a version such as 1.0.0");
        var description = Reading.description(root);
        var parameters = Reading.schemas(root.optional("parameters"));
        var digests = operations(root.required("operations").map());
        var access = access(root.optional("access").map());
        var roles = root.required("roles").map().each(this::role);
        var subTasks = root.required("subTasks").map().each(value -> new SubTaskReader(value).read());
        var results = root.optional("results").map().each(WorkflowReader::result);
        root.refuseUnknownKeys();
        var workflow =
                new Workflow(format, name, version, description, parameters, digests, access, roles, subTasks, results);
        Reading.place(WorkflowRules.problems(workflow), root, problems);
        Reading.place(againstOperations(workflow), root, problems);
        return problems.build(root, () -> checkedSize(new WorkflowSource(workflow, operations)));
    }

    /** What the rules find between the workflow and its operations; the operations' own problems are told in their files. */
    private List<Problem> againstOperations(Workflow workflow) {
        return WorkflowRules.problems(workflow, operations).stream()
                .filter(problem -> problem.code() != ErrorCode.OPERATION_INVALID)
                .filter(problem -> !unread.contains(problem.path()))
                .toList();
    }

    private static WorkflowSource checkedSize(WorkflowSource source) {
        if (CanonicalJson.bytes(source.workflow()).length > Limits.WORKFLOW) {
            throw new SelvageException(
                    ErrorCode.TOO_LARGE,
                    "the workflow's canonical form is larger than " + Units.writeSize(Limits.WORKFLOW));
        }
        return source;
    }

    private Map<String, Digest> operations(YamlMap map) {
        Map<String, Digest> digests = new LinkedHashMap<>();
        for (var id : map.keys()) {
            var read = operation(map, id);
            digests.put(id, read == null ? UNREAD : read.digest());
            if (read == null) {
                unread.add("operations." + id);
            }
        }
        return digests;
    }

    private Operation operation(YamlMap map, String id) {
        if (!Names.isOperation(id)) {
            map.problem(id, "expected an operation's id such as flights.delays/1, found \"" + id + "\"");
        }
        var value = map.required(id);
        var path = path(value);
        if (path == null) {
            return null;
        }
        try {
            int before = problems.count();
            var own = problems.as(ErrorCode.OPERATION_INVALID);
            var operation = new OperationReader(own).read(Yaml.read(path, own));
            if (problems.count() > before) {
                return null;
            }
            if (!operation.operation().equals(id)) {
                value.problem("the file describes " + operation.operation() + ", not " + id);
                return null;
            }
            operations.put(id, operation);
            return operation;
        } catch (SelvageException e) {
            value.problem(e.code(), "cannot read the file " + path);
            return null;
        }
    }

    private Path path(YamlValue value) {
        var text = value.string();
        if (text == null) {
            return null;
        }
        try {
            var path = Path.of(text);
            if (text.length() <= MAX_PATH && !path.isAbsolute() && !text.isBlank()) {
                var folder = file.getParent();
                return (folder == null ? path : folder.resolve(path)).normalize();
            }
        } catch (InvalidPathException e) {
            // told below
        }
        value.problem("expected a path from this file's folder, such as ./operations/flights.delays.yaml");
        return null;
    }

    private static Workflow.Access access(YamlMap map) {
        map.notSupported("suspend");
        var access = new Workflow.Access(
                map.optional("create").list().strings(),
                map.optional("approve").list().strings(),
                map.optional("cancel").list().strings(),
                map.optional("read").string());
        map.refuseUnknownKeys();
        return access;
    }

    private Workflow.Role role(YamlValue value) {
        var map = value.map();
        map.notSupported("place");
        var kind = map.has("place") ? null : map.exactlyOne("node", "msp", "parameter");
        NodeId node = map.optional("node").parsed(NodeId::parse);
        var msp = map.optional("msp").name();
        var parameter = map.optional("parameter").name();
        map.refuseUnknownKeys();
        return kind == null ? new Workflow.Role(null, null, null) : new Workflow.Role(node, msp, parameter);
    }

    private static Workflow.OutputRef result(YamlValue value) {
        var map = value.map();
        var result = map.required("result").string();
        var output = map.required("output").string();
        map.refuseUnknownKeys();
        return result == null || output == null ? null : new Workflow.OutputRef(result, output);
    }
}
