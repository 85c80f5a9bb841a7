package dev.selvage.cli.internal.doctor;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.formats.config.HostPort;
import dev.selvage.formats.config.Profile;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.NodeView;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Checks the ways that a task needs: from each profile to its ledger, from each node to it, and between organisations. Nothing is written.
 * A check that needs another one which failed is left out.
 */
public final class Doctor {
    private static final long CATCH_UP_MS = 3_000;
    private static final long TURN_MS = 100;

    private final Findings findings;
    private final LedgerChecks ledger;
    private final NodeChecks nodes;
    private final PairChecks pairs;
    private final Map<Peer, Long> heights = new LinkedHashMap<>();

    /** A gateway peer of an organisation. */
    private record Peer(String msp, HostPort endpoint) {}

    /** @param told is told of each finding as it is made */
    public Doctor(DoctorSettings settings, Map<String, String> environment, Consumer<Finding> told) {
        this.findings = new Findings(told);
        this.ledger = new LedgerChecks(findings, settings);
        this.nodes = new NodeChecks(findings, ledger, settings, environment);
        this.pairs = new PairChecks(findings, nodes);
    }

    /**
     * Runs all checks.
     *
     * @param profiles one for each organisation whose side can be tried from here; the first is the user's own
     * @param wanted organisations to check, by MSP; empty for all of the channel
     */
    public List<Finding> examine(List<Profile> profiles, List<String> wanted) {
        List<Side> sides = new ArrayList<>();
        try {
            for (Profile profile : profiles) {
                side(profile).ifPresent(sides::add);
            }
            if (!sides.isEmpty()) {
                examineAll(profiles, sides, wanted);
            }
        } finally {
            sides.forEach(Side::close);
        }
        return findings.all();
    }

    /** What of a profile works up to the channel; empty when the channel is not reached. */
    private Optional<Side> side(Profile profile) {
        var identity = ledger.identity(profile);
        if (identity.isEmpty()) {
            return Optional.empty();
        }
        ContractClient client = null;
        for (HostPort endpoint : ledger.links(profile)) {
            var opened = ContractClient.open(LedgerChecks.at(profile, endpoint));
            var height = ledger.channel(opened, endpoint);
            height.ifPresent(blocks -> heights.put(new Peer(profile.msp(), endpoint), blocks));
            if (height.isPresent() && client == null) {
                client = opened;
            } else {
                opened.close();
            }
        }
        return Optional.ofNullable(client).map(open -> new Side(profile, identity.get(), open));
    }

    private void examineAll(List<Profile> profiles, List<Side> sides, List<String> wanted) {
        var first = sides.get(0);
        var config = ledger.config(first.client());
        List<String> msps = wanted.isEmpty()
                ? config.map(ChannelConfig::msps)
                        .orElse(sides.stream().map(Side::msp).toList())
                : wanted;
        config.ifPresent(channel -> {
            wanted.stream()
                    .filter(msp -> !channel.msps().contains(msp))
                    .forEach(msp -> findings.fail(
                            msp,
                            "organisation",
                            ErrorCode.MSP_MISMATCH,
                            "The channel has no organisation " + msp + ", only " + String.join(", ", channel.msps())
                                    + "."));
            heights(sides, msps, channel);
        });
        boolean committed = config.filter(channel -> ledger.definition(first.client(), channel))
                .isPresent();
        for (Side side : sides) {
            if (committed) {
                ledger.contract(side.client());
            }
            ledger.blocks(side.client(), height(side));
        }
        Optional<List<NodeView>> known = committed ? nodesOf(first) : Optional.empty();
        for (Side side : sides) {
            ownNodes(side, known);
        }
        known.ifPresent(views -> pairs(sides, msps, views));
        untried(profiles, sides, msps);
    }

    private Optional<List<NodeView>> nodesOf(Side side) {
        return findings.tried(
                side.msp(),
                "nodes on the ledger",
                () -> side.client().all(ContractApi.LIST_NODES, page -> page, NodeView.class));
    }

    private long height(Side side) {
        return heights.entrySet().stream()
                .filter(entry -> entry.getKey().msp().equals(side.msp()))
                .mapToLong(Map.Entry::getValue)
                .max()
                .orElse(1);
    }

    /** Compares how far orderers and peers are. */
    private void heights(List<Side> sides, List<String> msps, ChannelConfig config) {
        var first = sides.get(0);
        long before = heights.values().stream().mapToLong(Long::longValue).max().orElse(0);
        long ordered = new OrdererChecks(findings, place -> orderer(place, first), Duration.ofMillis(CATCH_UP_MS))
                .examine(
                        first.msp(),
                        config.orderers(),
                        config.needed(),
                        before,
                        () -> height(first.client(), first.profile()));
        long highest = Math.max(ordered, before);
        for (Side side : sides) {
            for (HostPort endpoint : side.profile().ledger().endpoints()) {
                if (heights.containsKey(new Peer(side.msp(), endpoint))) {
                    behind(side.msp(), "height of " + endpoint, highest, () -> own(side, endpoint));
                }
            }
        }
        for (String msp : msps) {
            if (config.msps().contains(msp)
                    && sides.stream().noneMatch(side -> side.msp().equals(msp))) {
                behind(first.msp() + " -> " + msp, "height of its peer", highest, () -> others(first, msp));
            }
        }
    }

    private static long orderer(ChannelConfig.OrdererPlace place, Side asker) {
        SecureLinks.handshake(
                place.address().host(),
                place.address().port(),
                place.tlsRoots(),
                place.address().host(),
                ErrorCode.ORDERER_UNREACHABLE);
        return OrdererLink.height(place, asker.profile().channel(), asker.identity());
    }

    /** The height of another organisation's peer, asked through the own one. */
    private static long others(Side from, String msp) {
        try {
            return LedgerChecks.height(from.client()
                    .evaluateAt(msp, "qscc", "GetChainInfo", from.profile().channel()));
        } catch (SelvageException e) {
            if (e.code() == ErrorCode.CHAINCODE_UNKNOWN) {
                // the gateway's words for an organisation none of whose peers is there
                throw new SelvageException(
                        ErrorCode.LEDGER_UNREACHABLE, "The peer of " + from.msp() + " sees no peer of " + msp + ".", e);
            }
            throw e;
        }
    }

    private static long own(Side side, HostPort endpoint) {
        try (var client = ContractClient.open(LedgerChecks.at(side.profile(), endpoint))) {
            return height(client, side.profile());
        }
    }

    private static long height(ContractClient client, Profile profile) {
        return LedgerChecks.height(client.evaluate("qscc", "GetChainInfo", profile.channel()));
    }

    /** A peer may take a moment to commit what has been ordered; one that does not is behind. */
    private void behind(String subject, String check, long highest, Findings.Check<Long> height) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CATCH_UP_MS);
        var now = findings.tried(subject, check, height);
        while (now.isPresent() && now.get() < highest && System.nanoTime() < end) {
            pause();
            now = findings.tried(subject, check, height);
        }
        now.ifPresent(blocks -> {
            if (blocks < highest) {
                findings.fail(
                        subject,
                        check,
                        ErrorCode.PEER_BEHIND,
                        "The peer has " + blocks + " blocks, and " + highest + " exist.");
            } else {
                findings.ok(subject, check, blocks + " blocks, none is missing");
            }
        });
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(TURN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "Stopped.", e);
        }
    }

    private void ownNodes(Side side, Optional<List<NodeView>> known) {
        side.profile().nodes().forEach((node, file) -> {
            if (node.msp().equals(side.msp())) {
                nodes.config(node, file).ifPresent(config -> {
                    known.ifPresent(views -> nodes.registered(config, views));
                    nodes.running(config, side.profile())
                            .ifPresent(control -> side.nodes().put(node, control));
                });
            }
        });
    }

    private void pairs(List<Side> sides, List<String> msps, List<NodeView> known) {
        for (Side from : sides) {
            if (!msps.contains(from.msp())) {
                continue;
            }
            for (String to : msps) {
                if (!to.equals(from.msp())) {
                    boolean otherSide = sides.stream()
                            .anyMatch(side ->
                                    side.msp().equals(to) && !side.nodes().isEmpty());
                    pairs.endorsement(from, to);
                    pairs.links(from, to, known, otherSide);
                }
            }
        }
    }

    private void untried(List<Profile> profiles, List<Side> sides, List<String> msps) {
        for (String msp : msps) {
            if (sides.stream().noneMatch(side -> side.msp().equals(msp))) {
                boolean here =
                        profiles.stream().anyMatch(profile -> profile.msp().equals(msp));
                findings.skip(
                        msp,
                        "from its side",
                        here
                                ? "its profile does not reach the ledger"
                                : "no profile of " + msp + " is here (--also FILE); run this on its side too");
            }
        }
    }
}
