package dev.selvage.cli.internal;

import dev.selvage.agent.audit.AuditApi;
import dev.selvage.agent.audit.AuditApi.AnchorReport;
import dev.selvage.agent.control.ControlApi;
import dev.selvage.agent.control.ControlClient;
import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.formats.Units;
import dev.selvage.formats.config.Profile;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.Names;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.MetadataApi;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "anchor",
        description = "Put the root over a data set's blocks on the ledger, so that others can audit it.")
final class DataAnchor extends BaseCommand {
    @Mixin
    private DataCommand.OwnNode node;

    @Parameters(
            paramLabel = "NAME|FILE",
            description = "A data set of the node; or a file, which becomes one under its own name.")
    private String what;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "merkle",
            description = "How it can be audited: ${COMPLETION-CANDIDATES} (default merkle).")
    private AuditMode mode;

    @Option(
            names = "--block",
            paramLabel = "SIZE",
            description = "Bytes of a block, such as 64Ki (default as measured, more for very large files).")
    private String block;

    @Option(
            names = "--fresh-key",
            description = "Give this version a secret of its own: all tags are made anew, and who knows the secret of"
                    + " the version before learns nothing of this one.")
    private boolean freshKey;

    @Option(
            names = "--expires",
            paramLabel = "DURATION",
            converter = Times.Converter.class,
            description = "For how long you promise to hold it, such as 90d; afterwards nobody audits this version"
                    + " (default: for ever).")
    private Duration period;

    @Mixin
    private HashOptions hashing;

    @Override
    int run(Session session) {
        Long expires = period == null ? null : System.currentTimeMillis() + period.toMillis();
        var wish = hashing.wish(block == null ? null : HashOptions.bytes("--block", block, "64Ki or 1Mi"));
        var report = node.ask(session, control -> {
            var name = dataSet(session, control);
            if (mode.needsKey()) {
                registerKey(session, control, Nodes.owner(session, node.config(session)));
            }
            var order = new AuditApi.AnchorOrder(name, mode, expires, wish, freshKey);
            var begun = control.ask(AuditApi.ANCHOR, order, AuditApi.JobView.class);
            return new NodeJobs(session).await(control, begun, AnchorReport.class);
        });
        session.answer(report, () -> text(report));
        return ExitStatus.DONE;
    }

    /**
     * The owner's key is registered by an admin, once.
     *
     * @param owner an admin of the node's organisation
     */
    static void registerKey(Session session, ControlClient control, Profile owner) {
        var key = control.ask(AuditApi.OWNER_KEY, new ControlApi.Nothing(), AuditApi.OwnerKeyView.class);
        if (key.registered()) {
            return;
        }
        try (var contract = ContractClient.open(owner)) {
            contract.submit(
                    MetadataApi.CHAINCODE,
                    MetadataApi.REGISTER_KEY,
                    CanonicalJson.text(new MetadataApi.NewKey(key.publicKey(), key.possession())));
        }
        session.progress("key " + key.key().shortForm() + "... registered");
    }

    /** The data set of that name; a file that is none yet is added under its own name. */
    private String dataSet(Session session, ControlClient control) {
        boolean known = control.askList(ControlApi.DATA, new ControlApi.Nothing(), ControlApi.DataView.class).stream()
                .anyMatch(set -> set.name().equals(what));
        var file = file();
        if (known || file.isEmpty()) {
            return what;
        }
        var name = nameOf(file.get());
        var added = control.ask(
                ControlApi.ADD_FILE,
                new ControlApi.DataFile(name, file.get().toString(), DataCommand.Add.typeOf(file.get()), false),
                ControlApi.DataView.class);
        session.progress(added.name() + " added: " + added.kind() + " " + added.place());
        return name;
    }

    private Optional<Path> file() {
        try {
            var path = Path.of(what).toAbsolutePath().normalize();
            return Files.isRegularFile(path) ? Optional.of(path) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** {@code Flights 2013.csv} is the data set {@code flights-2013}. */
    private static String nameOf(Path file) {
        var name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return Names.component(
                "The data set",
                (dot > 0 ? name.substring(0, dot) : name)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9._-]+", "-"));
    }

    private static String text(AnchorReport report) {
        return line(report) + "\nHashed by " + HashOptions.text(report.hashing())
                + "\nWho may audit it: selvage data grant " + report.data().name()
                + " --operation data.check/1 --creator MSP";
    }

    /** What stands on the ledger now, in a line. */
    static String line(AnchorReport report) {
        return report.data() + (report.fresh() ? " anchored: version " : " is unchanged: version ") + report.version()
                + ", " + report.blocks() + " blocks of " + Units.writeSize(report.blockSize()) + " ("
                + NodeJobs.bytes(report.length()) + "), "
                + (report.fresh() && report.version() > 1 ? report.anew() + " of them anew, " : "") + report.mode()
                + ", root "
                + report.root().shortForm() + "... in " + Times.span(report.millis());
    }
}
