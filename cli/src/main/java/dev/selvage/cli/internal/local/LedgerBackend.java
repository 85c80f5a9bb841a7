package dev.selvage.cli.internal.local;

import dev.selvage.network.LedgerStatus;
import java.util.Map;
import java.util.Optional;

/** What runs the ledger of a local network: the embedded ledger or native Fabric. Making one changes nothing. */
interface LedgerBackend {
    /** Which it is, for a person: {@code Fabric 3.1.5 (Raft)}. */
    String kind();

    /** Makes the organisations' keys and whatever else is configured, where it is not there; starts nothing. */
    void prepare();

    /** Every port that the ledger and the chaincodes of every network listen on, and for what. */
    Map<Integer, String> ports();

    /**
     * Starts what does not run, with the chaincodes that every network has.
     *
     * @param meanwhile started while the ledger starts: what does not need it
     */
    void up(Runnable meanwhile);

    /** Puts a further chaincode on the channel, with its processes. */
    void add(ServedChaincode chaincode);

    /** The ledger, if it answers. */
    Optional<LedgerStatus> status();

    /** Whether organisations learn of each other only by and by after a start. */
    boolean settlesSlowly();
}
