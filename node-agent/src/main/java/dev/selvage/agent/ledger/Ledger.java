package dev.selvage.agent.ledger;

import dev.selvage.model.Digest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One chaincode on one channel, as the agent needs it. Thread-safe; calls block. Faults are {@link dev.selvage.model.SelvageException}: the
 * contract's own code where it refused, else LEDGER_UNREACHABLE, ENDORSEMENT_FAILED, TOO_MANY_REQUESTS, COMMIT_UNKNOWN, CHANNEL_UNKNOWN,
 * CHAINCODE_UNKNOWN, IDENTITY_INVALID or LEDGER_REFUSED. What follows from each is in {@link FaultRule}.
 */
public interface Ledger extends AutoCloseable {
    /** The hash of the channel's first block: which ledger this is. */
    Digest genesis();

    /** The channel's configuration block, a serialized common.Block: whose certificates are the organisations'. */
    byte[] configBlock();

    /** How many blocks the reached peer has. */
    long height();

    /** Asks the contract; the argument and the answer are JSON. */
    String evaluate(String function, Object argument);

    /** Asks another chaincode of the channel. */
    byte[] evaluate(String chaincode, String function, List<String> arguments);

    /** Has a transaction endorsed and signs it; nothing is sent to be ordered. */
    Endorsed endorse(String function, Object argument);

    /**
     * Sends a transaction to be ordered. Returning does not mean that it is durable: only the block stream tells (LEDGER.md, "Agent and
     * ledger"). The same bytes may be sent again.
     */
    void submit(SignedTransaction transaction);

    /**
     * The validation code of a transaction, such as {@code VALID}; empty when none came within the time, which is the usual answer for one
     * that was never ordered. Holds one of the peer's few slots while it waits: for recovery only.
     */
    Optional<String> status(SignedTransaction transaction, Duration within);

    /**
     * Delivers blocks in order, from the given one on, until the ledger is closed or the listener throws. The stream reopens by itself
     * with growing pauses, at another peer if need be. Returns only when closed.
     */
    void follow(long from, BlockListener listener);

    @Override
    void close();

    /** Takes blocks. */
    interface BlockListener {
        /**
         * The next block.
         *
         * @throws dev.selvage.model.SelvageException ends the stream for good
         */
        void onBlock(LedgerBlock block);

        /** The stream broke and will be reopened, or works again (null). */
        default void onTrouble(String reason) {}
    }

    /**
     * A transaction with the contract's answer, before it is ordered.
     *
     * @param answer JSON
     */
    record Endorsed(SignedTransaction transaction, String answer) {}
}
