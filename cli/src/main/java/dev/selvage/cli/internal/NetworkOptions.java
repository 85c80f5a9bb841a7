package dev.selvage.cli.internal;

import dev.selvage.cli.internal.local.NetworkWish;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.fabric.FabricPlan;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Which network a user asks for, of every command that brings one up; what is left out stays as it was. */
final class NetworkOptions {
    @Option(
            names = "--port-shift",
            paramLabel = "N",
            description = "Add N to every port, so that several networks fit on a machine.")
    private Integer shift;

    @Option(
            names = "--fabric",
            paramLabel = "DIR",
            description =
                    "Run Hyperledger Fabric instead of the embedded ledger: its binaries are in DIR or DIR/bin, or on the PATH"
                            + " if DIR is the word PATH.")
    private Path fabric;

    @Option(
            names = "--ordering",
            paramLabel = "raft|bft",
            description =
                    "Fabric's orderers: one of Raft (default), or four of SmartBFT. --profile raft|bft says the same here.")
    private String ordering;

    @Option(names = "--orgs", paramLabel = "N", description = "Organisations with peers, 1 to 9 (default 3).")
    private Integer organisations;

    @Option(
            names = "--peers",
            paramLabel = "N",
            description = "Peers of each organisation, 1 to 4, on Fabric (default 1).")
    private Integer peers;

    NetworkWish wish(Session session) {
        var word = ordering == null ? session.profileOption() : ordering;
        return new NetworkWish(shift, fabric, word == null ? null : profile(word), organisations, peers);
    }

    private static FabricPlan.Profile profile(String word) {
        try {
            return FabricPlan.Profile.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new SelvageException(
                    ErrorCode.USAGE,
                    "Orderers are raft or bft, not \"" + word
                            + "\". This command brings up the local network and takes no profile's file.",
                    e);
        }
    }
}
