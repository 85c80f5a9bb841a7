package dev.selvage.cli.internal.local;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.fabric.FabricPlan;
import dev.selvage.network.org.OrganisationsPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What was chosen when a local network was first started, so that later commands need not be told again.
 *
 * @param portShift added to every port
 * @param fabric folder of the Fabric binaries that run the ledger; null for the embedded ledger
 * @param profile how Fabric orders; null for Raft
 * @param organisations how many have peers; null for three
 * @param peers how many each of them has; null for one
 */
record NetworkSettings(int portShift, String fabric, FabricPlan.Profile profile, Integer organisations, Integer peers) {
    private static final NetworkSettings USUAL = new NetworkSettings(0, null, null, null, null);
    private static final int LARGEST = 4096;
    private static final int USUAL_ORGANISATIONS = 3;

    NetworkSettings {
        profile = profile == null ? FabricPlan.Profile.RAFT : profile;
        organisations = organisations == null ? USUAL_ORGANISATIONS : organisations;
        peers = peers == null ? 1 : peers;
        if (portShift < 0 || portShift > NetworkPorts.LARGEST_SHIFT) {
            throw invalid("The port shift is from 0 to " + NetworkPorts.LARGEST_SHIFT + ", not " + portShift + ".");
        }
        if (organisations < 1
                || organisations > FabricPlan.MOST_ORGANISATIONS
                || peers < 1
                || peers > FabricPlan.MOST_PEERS) {
            throw invalid("A network here has 1 to " + FabricPlan.MOST_ORGANISATIONS + " organisations with 1 to "
                    + FabricPlan.MOST_PEERS + " peers each, not " + organisations + " with " + peers + ".");
        }
        if (fabric == null && (profile != FabricPlan.Profile.RAFT || peers > 1)) {
            throw invalid("The embedded ledger has one peer for each organisation and no orderers to choose:"
                    + " give Fabric's binaries with --fabric DIR.");
        }
    }

    /** The settings of a data folder; the usual ones where nothing was ever started. */
    static NetworkSettings read(DataFolder data) {
        var file = file(data);
        try {
            if (!Files.exists(file)) {
                return USUAL;
            }
            if (Files.size(file) > LARGEST) {
                throw invalid(file + " is not a network's settings.");
            }
            return CanonicalJson.read(Files.readAllBytes(file), NetworkSettings.class);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * What is asked for now, on top of what was chosen before. Nothing is written.
     *
     * @throws SelvageException CONFIG_INVALID when a ledger was made with other settings
     */
    static NetworkSettings wanted(DataFolder data, NetworkWish wish) {
        var before = read(data);
        var wanted = before.with(wish);
        // other binaries of Fabric may run the same network
        boolean same = wanted.equals(before)
                || (wanted.fabric() != null
                        && before.fabric() != null
                        && wanted.on(before.fabric()).equals(before));
        if (!same && Files.exists(data.ledger())) {
            throw invalid("The network in " + data.root() + " was made with " + before.inWords()
                    + ". Use another --data folder for another one, or begin anew: selvage network up --reset.");
        }
        return wanted;
    }

    /** What is asked for now, with nothing left of what was chosen before but the ports. Nothing is written. */
    static NetworkSettings anew(DataFolder data, NetworkWish wish) {
        return new NetworkSettings(read(data).portShift(), null, null, null, null).with(wish);
    }

    private NetworkSettings with(NetworkWish wish) {
        return new NetworkSettings(
                orElse(wish.portShift(), portShift),
                wish.fabric() == null
                        ? fabric
                        : wish.fabric().toAbsolutePath().normalize().toString(),
                orElse(wish.profile(), profile),
                orElse(wish.organisations(), organisations),
                orElse(wish.peers(), peers));
    }

    private NetworkSettings on(String otherFabric) {
        return new NetworkSettings(portShift, otherFabric, profile, organisations, peers);
    }

    private static <T> T orElse(T wish, T before) {
        return Optional.ofNullable(wish).orElse(before);
    }

    private String inWords() {
        return "--orgs " + organisations + " --port-shift " + portShift
                + (fabric == null
                        ? " on the embedded ledger"
                        : " --peers " + peers + " --ordering " + profile.name().toLowerCase(Locale.ROOT)
                                + " on the Fabric of " + fabric);
    }

    /** Who takes part. */
    OrganisationsPlan plan() {
        return OrganisationsPlan.of(organisations).withOrderers(fabric == null ? 1 : profile.orderers());
    }

    NetworkPorts ports() {
        return new NetworkPorts(portShift);
    }

    void write(DataFolder data) {
        WholeFile.write(file(data), CanonicalJson.text(this) + "\n");
    }

    private static SelvageException invalid(String sentence) {
        return new SelvageException(ErrorCode.CONFIG_INVALID, sentence);
    }

    private static Path file(DataFolder data) {
        return data.root().resolve("network.json");
    }
}
