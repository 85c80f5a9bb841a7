package dev.selvage.cli.internal;

import dev.selvage.agent.control.ControlApi;
import dev.selvage.agent.control.ControlClient;
import dev.selvage.cli.internal.local.NodeLink;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Names;
import dev.selvage.model.SelvageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "data",
        description = "A node's own data sets, and what their owner lets them be used for.",
        subcommands = {
            DataCommand.Add.class,
            DataCommand.ListAll.class,
            DataCommand.Remove.class,
            DataCommand.Grant.class,
            DataCommand.Revoke.class,
            DataTune.class,
            DataAnchor.class,
            DataAnchors.class,
            DataAudit.class,
            DataAudits.class,
            DataKeys.class,
            DataVerify.class,
            DataHolders.Provers.class,
            DataHolders.Hold.class
        })
final class DataCommand extends GroupCommand {
    /** Where the node's owner says which node. */
    static final class OwnNode {
        @Option(
                names = "--node",
                paramLabel = "MSP/NODE",
                description = "A node of this machine (default: the only one of your organisation).")
        private String node;

        @Option(names = "--config", paramLabel = "FILE", description = "The node's configuration file.")
        private Path file;

        NodeConfig config(Session session) {
            return Nodes.config(session, node, file);
        }

        /** Asks the node as its owner. */
        <T> T ask(Session session, Function<ControlClient, T> question) {
            var config = config(session);
            try (var control = NodeLink.open(config, Nodes.owner(session, config))) {
                return question.apply(control);
            }
        }
    }

    @Command(name = "add", description = "Add a data set: a file, or a table that stays in its engine.")
    static final class Add extends BaseCommand {
        @Mixin
        private OwnNode node;

        @Parameters(index = "0", paramLabel = "NAME", description = "The name that workflows use.")
        private String name;

        @Parameters(index = "1", arity = "0..1", paramLabel = "FILE", description = "The file.")
        private Path file;

        @Option(names = "--media-type", paramLabel = "TYPE", description = "Of the file (default: by its ending).")
        private String mediaType;

        @Option(names = "--copy", description = "Let the node take a copy; else the file stays and must not change.")
        private boolean copy;

        @Option(names = "--engine", paramLabel = "ENGINE", description = "The engine that holds the table.")
        private String engine;

        @Option(names = "--table", paramLabel = "TABLE", description = "The table's name.")
        private String table;

        @Override
        int run(Session session) {
            boolean isTable = engine != null || table != null;
            if (isTable == (file != null) || (isTable && (engine == null || table == null))) {
                throw new SelvageException(
                        ErrorCode.USAGE, "Give a FILE, or --engine and --table. See: selvage data add --help");
            }
            if (!Names.isComponent(name)) {
                throw new SelvageException(ErrorCode.PATH_REFUSED, "\"" + name + "\" is no data set's name.");
            }
            boolean known = node.ask(
                    session,
                    control ->
                            control
                                    .askList(ControlApi.DATA, new ControlApi.Nothing(), ControlApi.DataView.class)
                                    .stream()
                                    .anyMatch(set -> set.name().equals(name)));
            var added = node.ask(session, this::add);
            session.answer(
                    added,
                    () -> added.name() + (known ? " replaced, its grants stay: " : " added: ") + added.kind() + " "
                            + added.place() + ", " + added.version() + "\nWho may use it: selvage data grant "
                            + added.name() + " --operation OP --creator MSP");
            return ExitStatus.DONE;
        }

        private ControlApi.DataView add(ControlClient control) {
            if (table != null) {
                return control.ask(
                        ControlApi.ADD_TABLE, new ControlApi.DataTable(name, engine, table), ControlApi.DataView.class);
            }
            var type = mediaType == null ? typeOf(file) : mediaType;
            return control.ask(
                    ControlApi.ADD_FILE,
                    new ControlApi.DataFile(name, readable(file), type, copy),
                    ControlApi.DataView.class);
        }

        static String readable(Path file) {
            var path = file.toAbsolutePath().normalize();
            if (!Files.isReadable(path) || !Files.isRegularFile(path)) {
                throw new SelvageException(ErrorCode.FILE_UNREADABLE, path + " is no file that can be read.");
            }
            return path.toString();
        }

        static String typeOf(Path file) {
            var name = file.toString();
            if (name.endsWith(".csv")) {
                return "text/csv";
            }
            if (name.endsWith(".json")) {
                return "application/json";
            }
            return name.endsWith(".txt") ? "text/plain" : "application/octet-stream";
        }
    }

    @Command(name = "list", description = "List data sets and their grants.")
    static final class ListAll extends BaseCommand {
        @Mixin
        private OwnNode node;

        @Override
        int run(Session session) {
            var all = node.ask(
                    session,
                    control -> control.askList(ControlApi.DATA, new ControlApi.Nothing(), ControlApi.DataView.class));
            var grants = node.ask(
                    session,
                    control ->
                            control.askList(ControlApi.GRANTS, new ControlApi.Nothing(), ControlApi.GrantView.class));
            var answer = CanonicalJson.object();
            answer.set("data", CanonicalJson.tree(all));
            answer.set("grants", CanonicalJson.tree(grants));
            session.answer(answer, () -> text(all, grants));
            return ExitStatus.DONE;
        }

        private static String text(List<ControlApi.DataView> all, List<ControlApi.GrantView> grants) {
            var table = new TextTable("DATA", "KIND", "WHERE", "STATE", "GRANTED TO");
            all.forEach(set -> table.row(
                    set.name(),
                    set.kind(),
                    set.place(),
                    set.version().length() > 24 ? set.version().substring(0, 24) : set.version(),
                    grants.stream()
                            .filter(grant -> grant.data().equals(set.name()))
                            .map(grant -> grant.operation() + " by " + String.join(", ", grant.creators()))
                            .collect(Collectors.joining("; "))));
            return table.isEmpty() ? "The node has no data sets." : table.toString();
        }
    }

    @Command(name = "remove", description = "Remove a data set and its grants; a file that was not copied stays.")
    static final class Remove extends BaseCommand {
        @Mixin
        private OwnNode node;

        @Parameters(paramLabel = "NAME", description = "The data set.")
        private String name;

        @Override
        int run(Session session) {
            node.ask(
                    session,
                    control -> control.ask(
                            ControlApi.REMOVE_DATA, new ControlApi.DataName(name), ControlApi.Nothing.class));
            session.answer(CanonicalJson.object().put("removed", name), () -> name + " removed.");
            return ExitStatus.DONE;
        }
    }

    @Command(name = "grant", description = "Let an operation use a data set in tasks of certain creators.")
    static final class Grant extends BaseCommand {
        @Mixin
        private OwnNode node;

        @Parameters(paramLabel = "NAME", description = "The data set.")
        private String name;

        @Option(names = "--operation", required = true, paramLabel = "OP", description = "Such as flights.delays/1.")
        private String operation;

        @Option(
                names = "--creator",
                required = true,
                split = ",",
                paramLabel = "MSP[/ID]",
                description = "Who may create such tasks: an organisation, or one of its members; repeat for several.")
        private List<String> creators;

        @Option(
                names = "--for",
                paramLabel = "DURATION",
                converter = Times.Converter.class,
                description = "For how long, such as 30d (default: until revoked).")
        private Duration period;

        @Option(
                names = "--opens",
                paramLabel = "SHARE",
                description =
                        "For data.check/1: which share of an anchored version's blocks audits in the mode merkle may"
                                + " show to an organisation, such as 50%% (default 10%%). Who is granted data.move/1 may see all.")
        private String share;

        @Override
        int run(Session session) {
            Integer opens = share == null ? null : percent(share);
            Long until = period == null ? null : System.currentTimeMillis() + period.toMillis();
            var digest = Nodes.operation(node.config(session), operation).digest();
            var grant = node.ask(
                    session,
                    control -> control.ask(
                            ControlApi.GRANT,
                            new ControlApi.NewGrant(name, operation, digest, creators, until, opens),
                            ControlApi.GrantView.class));
            session.answer(
                    grant,
                    () -> name + ": " + grant.operation() + " (digest "
                            + grant.digest().shortForm() + ") granted to "
                            + String.join(", ", grant.creators())
                            + (grant.until() == null ? "" : " until " + Times.clock(grant.until()))
                            + (grant.opens() == null
                                    ? ""
                                    : "; audits may show up to " + grant.opens() + "% of the blocks"));
            return ExitStatus.DONE;
        }

        private static int percent(String text) {
            if (!text.matches("[1-9][0-9]?%|100%")) {
                throw new SelvageException(
                        ErrorCode.ARGUMENT_INVALID, "--opens " + text + ": expected a whole share from 1% to 100%.");
            }
            return Integer.parseInt(text.substring(0, text.length() - 1));
        }
    }

    @Command(name = "revoke", description = "Take grants back; what runs already goes on.")
    static final class Revoke extends BaseCommand {
        @Mixin
        private OwnNode node;

        @Parameters(paramLabel = "NAME", description = "The data set.")
        private String name;

        @Option(names = "--operation", paramLabel = "OP", description = "Only for this operation.")
        private String operation;

        @Option(names = "--creator", paramLabel = "MSP[/ID]", description = "Only for this creator.")
        private String creator;

        @Override
        int run(Session session) {
            var gone = node.ask(
                    session,
                    control -> control.askList(
                            ControlApi.REVOKE,
                            new ControlApi.Revocation(name, operation, creator),
                            ControlApi.GrantView.class));
            session.answer(
                    gone, () -> gone.isEmpty() ? "There was no such grant." : gone.size() + " grant(s) revoked.");
            return ExitStatus.DONE;
        }
    }
}
