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
    private static final int MOST_ORGANISATIONS = 9;
    private static final int MOST_PEERS = 4;
    private static final int USUAL_ORGANISATIONS = 3;

    NetworkSettings {
        profile = profile == null ? FabricPlan.Profile.RAFT : profile;
        organisations = organisations == null ? USUAL_ORGANISATIONS : organisations;
        peers = peers == null ? 1 : peers;
        if (portShift < 0 || portShift > NetworkPorts.LARGEST_SHIFT) {
            throw invalid("The port shift is from 0 to " + NetworkPorts.LARGEST_SHIFT + ", not " + portShift + ".");
        }
        if (organisations < 1 || organisations > MOST_ORGANISATIONS || peers < 1 || peers > MOST_PEERS) {
            throw invalid("A network here has 1 to " + MOST_ORGANISATIONS + " organisations with 1 to " + MOST_PEERS
                    + " peers each, not " + organisations + " with " + peers + ".");
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
     * Keeps what is asked for now; null leaves as it is.
     *
     * @throws SelvageException CONFIG_INVALID when a ledger was made with other settings
     */
    static void settle(DataFolder data, NetworkWish wish) {
        var before = read(data);
        var wanted = new NetworkSettings(
                orElse(wish.portShift(), before.portShift()),
                wish.fabric() == null
                        ? before.fabric()
                        : wish.fabric().toAbsolutePath().normalize().toString(),
                orElse(wish.profile(), before.profile()),
                orElse(wish.organisations(), before.organisations()),
                orElse(wish.peers(), before.peers()));
        // other binaries of Fabric may run the same network
        boolean same = wanted.equals(before)
                || (wanted.fabric() != null
                        && before.fabric() != null
                        && wanted.on(before.fabric()).equals(before));
        if (!same && Files.exists(data.ledger())) {
            throw invalid("The network in " + data.root() + " was made with " + before.inWords()
                    + ". Use another --data folder for another one, or begin anew: selvage network up --reset.");
        }
        wanted.write(data);
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
