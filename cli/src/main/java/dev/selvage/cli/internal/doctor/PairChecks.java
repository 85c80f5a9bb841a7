package dev.selvage.cli.internal.doctor;

import dev.selvage.agent.control.ControlApi;
import dev.selvage.agent.control.ControlClient;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.NodeView;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One direction between two organisations: endorsement together, and the links between their nodes. */
final class PairChecks {
    private final Findings findings;
    private final NodeChecks nodes;
    private final Set<String> tried = new HashSet<>();

    PairChecks(Findings findings, NodeChecks nodes) {
        this.findings = findings;
        this.nodes = nodes;
    }

    /** Whether both organisations' peers endorse what a client of the first sends. */
    void endorsement(Side from, String to) {
        String subject = from.msp() + " -> " + to;
        try {
            from.client().endorse(List.of(from.msp(), to), ContractApi.LIST_NODES, new ContractApi.Page(null, 1));
            findings.ok(subject, "endorsement of both", "both peers endorse");
        } catch (SelvageException e) {
            findings.fail(
                    subject,
                    "endorsement of both",
                    e.code() == ErrorCode.LEDGER_UNREACHABLE || e.code() == ErrorCode.LEDGER_REFUSED
                            ? ErrorCode.ENDORSEMENT_FAILED
                            : e.code(),
                    "No transaction of " + from.msp() + " that needs " + to + " comes about: " + e.sentence());
        }
    }

    /**
     * The links from the nodes of one organisation to those of another, and the way back.
     *
     * @param otherSide whether the other organisation's nodes are asked here as well, so that the way back is theirs to report
     */
    void links(Side from, String to, List<NodeView> known, boolean otherSide) {
        String subject = from.msp() + " -> " + to;
        var targets = known.stream()
                .filter(view -> view.node().msp().equals(to) && !view.keys().isEmpty())
                .toList();
        if (targets.isEmpty()) {
            findings.warn(subject, "node", ErrorCode.NODE_UNKNOWN, "The ledger knows no node of " + to + ".");
        }
        if (from.nodes().isEmpty()) {
            findings.skip(subject, "links of nodes", "no node of " + from.msp() + " answers here to try them");
        }
        for (var own : from.nodes().entrySet()) {
            for (var target : targets) {
                link(own.getKey(), own.getValue(), target, otherSide);
            }
        }
    }

    private void link(NodeId own, ControlClient control, NodeView target, boolean otherSide) {
        String subject = own + " -> " + target.node();
        if (!tried.add(subject)) {
            return;
        }
        if (target.info() == null) {
            findings.fail(
                    subject,
                    "link",
                    ErrorCode.PEER_UNREACHABLE,
                    target.node() + " has never told the ledger where it is: it was not started yet.");
            return;
        }
        findings.tried(
                        subject,
                        "link",
                        () -> control.ask(
                                ControlApi.PROBE, new ControlApi.OtherNode(target.node()), ControlApi.Probe.class))
                .ifPresent(probe -> {
                    way(subject, probe.there());
                    String back = target.node() + " -> " + own;
                    if (!otherSide && probe.back() != null && tried.add(back)) {
                        way(back, probe.back());
                    }
                });
    }

    private void way(String subject, ControlApi.Way way) {
        if (way.code().isEmpty()) {
            findings.ok(subject, "link", "answers in " + way.roundTrip() + " ms");
            nodes.skew(subject, "clocks", way.skew(), way.roundTrip());
        } else {
            findings.fail(
                    subject, "link", ErrorCode.named(way.code()).orElse(ErrorCode.PEER_UNREACHABLE), way.sentence());
        }
    }
}
