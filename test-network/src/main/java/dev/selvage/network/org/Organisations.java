package dev.selvage.network.org;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The organisations of a network on this machine, in the folders that Fabric users know: {@code peerOrganizations/<domain>/{ca,
 * tlsca,msp,peers,users}} and {@code ordererOrganizations/<domain>/...}. Made on first start, whole or not at all.
 */
public final class Organisations {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PLAN = "organisations.json";

    private final Path root;
    private final List<Organisation> peers;
    private final Organisation orderer;

    private Organisations(Path root, OrganisationsPlan plan, Clock clock) throws IOException {
        this.root = root;
        List<Organisation> opened = new ArrayList<>();
        for (OrganisationsPlan.Name name : plan.peers()) {
            opened.add(new Organisation(name, false, peerFolder(root, name), clock));
        }
        this.peers = List.copyOf(opened);
        this.orderer = new Organisation(plan.orderer(), true, ordererFolder(root, plan.orderer()), clock);
    }

    /**
     * Opens the organisations, making them first if the folder is not there. A crash while making them leaves nothing that a later
     * start would take for finished.
     *
     * @param root the folder, called {@code organizations} in Fabric's samples
     * @throws SelvageException CONFIG_INVALID when the folder holds other organisations than the plan's; FILE_UNREADABLE
     */
    public static Organisations open(Path root, OrganisationsPlan plan, Clock clock) {
        try {
            Path absolute = root.toAbsolutePath().normalize();
            if (!Files.exists(absolute.resolve(PLAN))) {
                create(absolute, plan, clock);
            }
            requireSame(absolute, plan);
            return new Organisations(absolute, plan, clock);
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.FILE_UNREADABLE,
                    "cannot read or make organisations in " + root + ": " + e.getMessage(),
                    e);
        }
    }

    /** Opens organisations made before, whatever they are. */
    public static Organisations open(Path root, Clock clock) {
        try {
            Path absolute = root.toAbsolutePath().normalize();
            if (!Files.exists(absolute.resolve(PLAN))) {
                throw new SelvageException(ErrorCode.FILE_UNREADABLE, "there are no organisations in " + root);
            }
            return new Organisations(absolute, readPlan(absolute), clock);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot read organisations in " + root, e);
        }
    }

    public Path root() {
        return root;
    }

    /** Organisations with peers, in the plan's order. */
    public List<Organisation> peers() {
        return peers;
    }

    public Organisation orderer() {
        return orderer;
    }

    /** The organisation of that MSP, the orderer's included. */
    public Organisation get(String msp) {
        for (Organisation organisation : peers) {
            if (organisation.msp().equals(msp)) {
                return organisation;
            }
        }
        if (orderer.msp().equals(msp)) {
            return orderer;
        }
        throw new SelvageException(
                ErrorCode.IDENTITY_INVALID,
                "no organisation " + msp + " here, only "
                        + peers.stream().map(Organisation::msp).toList());
    }

    /** Who belongs to the channel. */
    public ChannelOrganisations channel() {
        List<MspDefinition> all = new ArrayList<>();
        peers.forEach(peer -> all.add(peer.definition()));
        all.add(orderer.definition());
        return new ChannelOrganisations(all);
    }

    /** One at a time, of this process and of others: what is unfinished then was left by a crash. */
    private static synchronized void create(Path root, OrganisationsPlan plan, Clock clock) throws IOException {
        Files.createDirectories(root.getParent());
        Path lock = root.resolveSibling("." + root.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock();
            if (!Files.exists(root.resolve(PLAN))) {
                removeUnfinished(root);
                createAlone(root, plan, clock);
            }
        }
    }

    private static void createAlone(Path root, OrganisationsPlan plan, Clock clock) throws IOException {
        Path fresh = root.resolveSibling("." + root.getFileName() + ".new-" + UUID.randomUUID());
        for (OrganisationsPlan.Name name : plan.peers()) {
            OrganisationFolder folder = new OrganisationFolder(peerFolder(fresh, name), name.domain(), clock);
            folder.create();
            folder.issue("peer0", IdentityKind.PEER);
            folder.issue("Admin", IdentityKind.ADMIN);
            folder.issue("User1", IdentityKind.CLIENT);
            folder.issue("node1", IdentityKind.NODE);
        }
        OrganisationsPlan.Name name = plan.orderer();
        OrganisationFolder folder = new OrganisationFolder(ordererFolder(fresh, name), name.domain(), clock);
        folder.create();
        for (int i = 0; i < plan.orderers(); i++) {
            folder.issue("orderer" + i, IdentityKind.ORDERER);
        }
        folder.issue("Admin", IdentityKind.ADMIN);
        SafeFiles.write(
                fresh.resolve(PLAN), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(plan) + "\n");
        SafeFiles.publish(fresh, root);
    }

    private static void removeUnfinished(Path root) throws IOException {
        try (DirectoryStream<Path> leftOver =
                Files.newDirectoryStream(root.getParent(), "." + root.getFileName() + ".new-*")) {
            for (Path folder : leftOver) {
                SafeFiles.deleteTree(folder);
            }
        }
    }

    private static void requireSame(Path root, OrganisationsPlan plan) throws IOException {
        OrganisationsPlan existing = readPlan(root);
        if (!existing.equals(plan)) {
            throw new SelvageException(
                    ErrorCode.CONFIG_INVALID,
                    root + " holds "
                            + existing.peers().stream()
                                    .map(OrganisationsPlan.Name::msp)
                                    .toList() + " with "
                            + existing.orderers() + " ordering nodes, not "
                            + plan.peers().stream()
                                    .map(OrganisationsPlan.Name::msp)
                                    .toList() + " with " + plan.orderers()
                            + ": use another data folder");
        }
    }

    private static OrganisationsPlan readPlan(Path root) {
        try {
            return JSON.readValue(Files.readString(root.resolve(PLAN)), OrganisationsPlan.class);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, root.resolve(PLAN) + " is damaged", e);
        }
    }

    private static Path peerFolder(Path root, OrganisationsPlan.Name name) {
        return root.resolve("peerOrganizations").resolve(name.domain());
    }

    private static Path ordererFolder(Path root, OrganisationsPlan.Name name) {
        return root.resolve("ordererOrganizations").resolve(name.domain());
    }
}
