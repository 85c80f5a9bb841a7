package dev.selvage.cli.internal.doctor;

import dev.selvage.agent.content.ContentLimits;
import dev.selvage.agent.control.ControlApi;
import dev.selvage.agent.control.ControlClient;
import dev.selvage.agent.peer.MemberSigner;
import dev.selvage.cli.internal.local.NodeLink;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.formats.config.NodeFile;
import dev.selvage.formats.config.Profile;
import dev.selvage.model.ContractApi.NodeView;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A node of the profile's organisation: what the ledger says of it, and how it is. */
final class NodeChecks {
    private static final long SCARCE = 1L << 30;

    private final Findings findings;
    private final LedgerChecks ledger;
    private final DoctorSettings settings;
    private final Map<String, String> environment;

    NodeChecks(Findings findings, LedgerChecks ledger, DoctorSettings settings, Map<String, String> environment) {
        this.findings = findings;
        this.ledger = ledger;
        this.settings = settings;
        this.environment = environment;
    }

    /** The node's configuration, with which it can be asked; empty when there is none here. */
    Optional<NodeConfig> config(NodeId node, Path file) {
        return findings.tried(node.toString(), "configuration", () -> NodeFile.read(file, environment));
    }

    /** What the ledger says of the node. */
    void registered(NodeConfig config, List<NodeView> known) {
        String node = config.node().toString();
        var view =
                known.stream().filter(one -> one.node().equals(config.node())).findFirst();
        var spki = findings.tried(
                node,
                "registration",
                () -> MemberSigner.read(
                                config.node().msp(),
                                config.identity().certificate(),
                                config.identity().key())
                        .spki());
        if (spki.isEmpty()) {
            return;
        }
        if (view.filter(one -> one.keys().contains(spki.get())).isPresent()) {
            findings.ok(node, "registration", "its key is on the ledger");
        } else if (view.filter(one -> one.revoked().contains(spki.get())).isPresent()) {
            findings.fail(
                    node, "registration", ErrorCode.NODE_REVOKED, "Its organisation has withdrawn the node's key.");
        } else {
            findings.fail(node, "registration", ErrorCode.NODE_UNKNOWN, "The ledger does not know the node's key.");
        }
    }

    /** Whether the node runs and is well. A client of it is left open for further questions; empty when it does not answer. */
    Optional<ControlClient> running(NodeConfig config, Profile profile) {
        String node = config.node().toString();
        var link = findings.tried(node, "node", () -> NodeLink.open(config, profile));
        if (link.isEmpty()) {
            return Optional.empty();
        }
        try {
            examine(node, config, link.get());
            return link;
        } catch (SelvageException e) {
            link.get().close();
            findings.fail(node, "node", unreachable(e), e.sentence());
            return Optional.empty();
        }
    }

    static ErrorCode unreachable(SelvageException fault) {
        return switch (fault.code()) {
            case PEER_UNREACHABLE -> ErrorCode.NODE_UNREACHABLE;
            case REQUEST_STALE -> ErrorCode.CLOCK_SKEW;
            default -> fault.code();
        };
    }

    private void examine(String node, NodeConfig config, ControlClient control) {
        var status = control.ask(ControlApi.STATUS, new ControlApi.Nothing(), ControlApi.NodeStatus.class);
        if (status.trouble() != null && !status.trouble().isEmpty()) {
            findings.fail(
                    node,
                    "node",
                    ErrorCode.LEDGER_UNREACHABLE,
                    "The node does not reach the ledger: " + status.trouble());
        } else if (!status.caughtUp()) {
            findings.warn(
                    node,
                    "node",
                    ErrorCode.PEER_BEHIND,
                    "The node still reads the ledger, block " + status.block() + ".");
        } else {
            findings.ok(node, "node", "runs, has read block " + status.block());
        }
        clock(node, control);
        var health = control.ask(ControlApi.HEALTH, new ControlApi.Nothing(), ControlApi.Health.class);
        disk(node, health.free(), config);
        for (var certificate : health.certificates()) {
            String check = certificate.use() + " certificate";
            ledger.term(node, check, Instant.ofEpochMilli(certificate.until()));
            ErrorCode.named(certificate.code())
                    .ifPresent(code ->
                            findings.fail(node, check, code, "A renewed one is not taken: " + certificate.sentence()));
        }
        engines(node, health);
    }

    private void clock(String node, ControlClient control) {
        long before = System.currentTimeMillis();
        long theirs = control.ask(ControlApi.TIME, new ControlApi.Nothing(), ControlApi.Moment.class)
                .millis();
        long after = System.currentTimeMillis();
        skew(node, "clock, by this machine's", theirs - (before + after) / 2, after - before);
    }

    /** A difference of clocks, that is only told where it is more than the way of telling allows for. */
    void skew(String subject, String check, long skew, long roundTrip) {
        long surely = Math.max(0, Math.abs(skew) - roundTrip / 2);
        String text = Math.abs(skew) + " ms " + (skew < 0 ? "behind" : "ahead") + " (within " + roundTrip / 2 + " ms)";
        if (surely > settings.skew().toMillis()) {
            findings.fail(
                    subject,
                    check,
                    ErrorCode.CLOCK_SKEW,
                    "The clock is " + text + ", more than " + span(settings.skew()) + ".");
        } else {
            findings.ok(subject, check, text);
        }
    }

    private static String span(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    private void disk(String node, long free, NodeConfig config) {
        String text = (free >> 20) + " MiB free under " + config.data();
        if (free < ContentLimits.DEFAULT.spare()) {
            findings.fail(node, "disk", ErrorCode.STORAGE_FULL, "Only " + text + ": the node takes nothing more.");
        } else if (free < SCARCE) {
            findings.warn(node, "disk", ErrorCode.STORAGE_FULL, "Only " + text + ".");
        } else {
            findings.ok(node, "disk", text);
        }
    }

    private void engines(String node, ControlApi.Health health) {
        if (health.engines().isEmpty()) {
            findings.warn(node, "engines", ErrorCode.NO_ENGINE, "The node has no engine.");
        }
        for (var engine : health.engines()) {
            String check = "engine " + (engine.engine().isEmpty() ? "(unnamed)" : engine.engine());
            if (engine.code().isEmpty()) {
                findings.ok(node, check, "answers");
            } else {
                findings.fail(
                        node,
                        check,
                        ErrorCode.named(engine.code()).orElse(ErrorCode.ENGINE_UNREACHABLE),
                        engine.sentence());
            }
        }
    }
}
