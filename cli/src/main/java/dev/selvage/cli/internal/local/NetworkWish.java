package dev.selvage.cli.internal.local;

import dev.selvage.network.fabric.FabricBinaries;
import dev.selvage.network.fabric.FabricPlan;
import java.nio.file.Path;

/**
 * What a user asks of a network; null for what it was before.
 *
 * @param portShift added to every port
 * @param fabric folder of Fabric's binaries; at first the ledger is the embedded one
 * @param profile how Fabric orders
 * @param organisations how many have peers
 * @param peers how many each of them has
 */
public record NetworkWish(
        Integer portShift, Path fabric, FabricPlan.Profile profile, Integer organisations, Integer peers) {
    /** The ledger that it was before, on these ports. */
    public static NetworkWish ports(Integer shift) {
        return on(shift, null);
    }

    /** These ports and this Fabric. */
    public static NetworkWish on(Integer shift, Path fabric) {
        return new NetworkWish(shift, fabric, null, null, null);
    }

    /** The same with the folder in which the binaries were found. */
    NetworkWish found(FabricBinaries binaries) {
        return new NetworkWish(portShift, binaries.folder(), profile, organisations, peers);
    }
}
