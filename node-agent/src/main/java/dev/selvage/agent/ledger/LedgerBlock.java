package dev.selvage.agent.ledger;

import dev.selvage.model.Digest;
import dev.selvage.model.Facts.TaskFact;
import dev.selvage.model.LedgerEvent;
import java.util.List;
import java.util.Optional;

/**
 * A block with what the agent needs of it.
 *
 * @param hash of its header
 * @param transactions all of them, the invalid ones too, in order
 */
public record LedgerBlock(long number, Digest hash, List<Transaction> transactions) {
    public static final String VALID = "VALID";

    public LedgerBlock {
        transactions = List.copyOf(transactions);
    }

    /**
     * A transaction of a block.
     *
     * @param code the validation code's name, {@value #VALID} or why it had no effect
     * @param at its timestamp, milliseconds since 1970 UTC
     * @param msp its creator's organisation
     * @param creator digest of its creator's certificate bytes as they stand in the transaction
     * @param function the contract's function that it called; empty when it is none of the followed chaincode
     * @param argument the argument of that call, JSON as its creator wrote it; the endorsers signed it too. Empty when there is none
     * @param task the task that it wrote, where it is a valid one that creates a task of the followed chaincode
     * @param event the followed chaincode's event, of a valid transaction that set one
     */
    public record Transaction(
            String txid,
            String code,
            long at,
            String msp,
            Digest creator,
            String function,
            String argument,
            Optional<TaskFact> task,
            Optional<LedgerEvent> event) {
        public boolean valid() {
            return code.equals(VALID);
        }
    }
}
