package dev.selvage.cli.internal;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.formats.workflow.WorkflowFile;
import dev.selvage.formats.workflow.WorkflowSource;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Graph;
import dev.selvage.model.SelvageException;
import dev.selvage.model.SubTask;
import dev.selvage.model.Workflow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "workflow",
        description = "Workflows: check files, deploy them, see what is deployed.",
        subcommands = {
            WorkflowCommand.Check.class,
            WorkflowCommand.Deploy.class,
            WorkflowCommand.ListAll.class,
            WorkflowCommand.Show.class
        })
final class WorkflowCommand extends GroupCommand {
    @Command(name = "check", description = "Check workflow files with the operations that they name; nothing is sent.")
    static final class Check extends BaseCommand {
        @Parameters(arity = "1..*", paramLabel = "FILE", description = "Workflow files.")
        private List<Path> files;

        @Override
        int run(Session session) {
            List<Object> answers = new ArrayList<>();
            var text = new StringBuilder();
            boolean bad = false;
            for (Path file : files) {
                try {
                    var source = WorkflowFile.read(file);
                    answers.add(summary(file, source.workflow()));
                    text.append(describe(file, source)).append('\n');
                } catch (SelvageException e) {
                    if (e.code() == ErrorCode.FILE_UNREADABLE) {
                        throw e;
                    }
                    session.progress(FaultText.of(e));
                    answers.add(problems(file, e));
                    bad = true;
                }
            }
            session.answer(answers, text::toString);
            return bad ? ExitStatus.CHECK_SAID_NO : ExitStatus.DONE;
        }

        private static String describe(Path file, WorkflowSource source) {
            var workflow = source.workflow();
            return file + ": " + Workflows.title(workflow) + " is well-formed: "
                    + workflow.subTasks().size() + " sub-tasks, "
                    + source.operations().size() + " operations, digest "
                    + workflow.digest().shortForm();
        }
    }

    private static Object problems(Path file, SelvageException e) {
        var lines = e.sentence().lines().toList();
        return CanonicalJson.object()
                .put("file", file.toString())
                .put("code", e.code().name())
                .set("problems", CanonicalJson.tree(lines));
    }

    private static Object summary(Path file, Workflow workflow) {
        return CanonicalJson.object()
                .put("file", file.toString())
                .put("name", workflow.name())
                .put("version", workflow.version())
                .put("digest", workflow.digest().hex())
                .put("subTasks", workflow.subTasks().size());
    }

    @Command(name = "deploy", description = "Put a workflow with its operations on the ledger.")
    static final class Deploy extends ContractCommand {
        @Parameters(paramLabel = "FILE", description = "The workflow file.")
        private Path file;

        @Override
        int run(Session session, ContractClient contract) {
            var source = WorkflowFile.read(file);
            var deployed = deploy(contract, source);
            session.answer(
                    deployed,
                    () -> deployed.name() + " " + deployed.version() + " deployed, digest "
                            + deployed.digest().shortForm() + " (transaction " + deployed.txid()
                            + ")\nRun it: selvage task run "
                            + deployed.name() + example(source.workflow()));
            return ExitStatus.DONE;
        }

        private static String example(Workflow workflow) {
            return workflow.parameters().keySet().stream()
                    .map(name -> " --arg " + name + "=...")
                    .collect(Collectors.joining());
        }
    }

    /** Deploys; the same file again is answered alike. */
    static ContractApi.Deployed deploy(ContractClient contract, WorkflowSource source) {
        var deployment = new ContractApi.Deployment(
                source.workflow(), List.copyOf(source.operations().values()));
        return contract.submit(ContractApi.DEPLOY_WORKFLOW, deployment, ContractApi.Deployed.class);
    }

    @Command(name = "list", description = "List what is deployed.")
    static final class ListAll extends ContractCommand {
        @Override
        int run(Session session, ContractClient contract) {
            var all = new Workflows(contract).list();
            session.answer(all, () -> {
                var table = new TextTable("NAME", "VERSION", "DIGEST", "OWNER", "DEPLOYED");
                all.forEach(one -> table.row(
                        one.name(), one.version(), one.digest().shortForm(), one.owner(), Times.clock(one.at())));
                return table.isEmpty() ? "Nothing is deployed." : table.toString();
            });
            return ExitStatus.DONE;
        }
    }

    @Command(name = "show", description = "Show a deployed workflow: parameters, roles, sub-tasks, operations.")
    static final class Show extends ContractCommand {
        @Parameters(
                paramLabel = "NAME[@VERSION]|DIGEST",
                description = "Which one; the latest version if none is given.")
        private String which;

        @Override
        int run(Session session, ContractClient contract) {
            var deployment = new Workflows(contract).find(which);
            session.answer(deployment, () -> text(deployment.workflow()));
            return ExitStatus.DONE;
        }

        private static String text(Workflow workflow) {
            var text = new StringBuilder();
            text.append(Workflows.title(workflow))
                    .append("  digest ")
                    .append(workflow.digest())
                    .append('\n');
            if (workflow.description() != null) {
                text.append(workflow.description().strip()).append('\n');
            }
            var parameters = new TextTable("PARAMETER", "EXPECTED", "DESCRIPTION");
            workflow.parameters()
                    .forEach((name, schema) -> parameters.row(name, schema.expected(), schema.description()));
            append(text, parameters);
            var roles = new TextTable("ROLE", "BOUND TO");
            workflow.roles().forEach((name, role) -> roles.row(name, binding(role)));
            append(text, roles);
            var subTasks = new TextTable("SUB-TASK", "PARTS", "OPERATION", "AFTER", "OUTPUTS");
            var graph = Graph.of(workflow.subTasks());
            graph.order().forEach(name -> {
                var subTask = workflow.subTasks().get(name);
                subTasks.row(
                        name,
                        parts(subTask),
                        subTask.operation(),
                        String.join(", ", graph.dependencies(name)),
                        String.join(", ", subTask.outputs().keySet()));
            });
            append(text, subTasks);
            var operations = new TextTable("OPERATION", "DIGEST");
            workflow.operations().forEach((name, digest) -> operations.row(name, digest.shortForm()));
            append(text, operations);
            var access = workflow.access();
            text.append("\nCreate: ").append(orEveryone(access.create()));
            text.append("  Approve: ")
                    .append(access.approve().isEmpty() ? "not needed" : String.join(", ", access.approve()));
            text.append("  Cancel: ").append(String.join(", ", access.cancel()));
            return text.toString();
        }

        private static void append(StringBuilder text, TextTable table) {
            if (!table.isEmpty()) {
                text.append('\n').append(table);
            }
        }

        private static String orEveryone(List<String> msps) {
            return msps.isEmpty() ? "every member" : String.join(", ", msps);
        }

        private static String binding(Workflow.Role role) {
            if (role.node() != null) {
                return role.node().toString();
            }
            return role.msp() != null
                    ? "a node of " + role.msp()
                    : "the nodes of the argument \"" + role.parameter() + "\"";
        }

        private static String parts(SubTask subTask) {
            var forEach = subTask.forEach();
            if (forEach == null) {
                return "1";
            }
            if (!forEach.role().isEmpty()) {
                return String.join(", ", forEach.role());
            }
            return forEach.count() != null ? forEach.count().toString() : "each of " + forEach.parameter();
        }
    }
}
