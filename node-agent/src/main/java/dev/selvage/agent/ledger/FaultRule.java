package dev.selvage.agent.ledger;

import dev.selvage.model.ErrorCategory;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;

/**
 * What the agent does about a fault of the ledger or a validation code: the table of docs/agent.md (LEDGER.md, "Agent and ledger").
 */
public enum FaultRule {
    /** Build and endorse the transaction anew, after a pause. */
    ENDORSE_AGAIN,
    /** It is on the ledger already, or the task has ended: take what is there. */
    ADOPT,
    /** Whether it was ordered is not known: keep the bytes and wait for the block stream, then send the same bytes again. */
    WAIT,
    /** Send the results alone, without the dependents that a peer has not seen. */
    SUBMIT_BARE,
    /** Send fewer items in one transaction. */
    SPLIT,
    /** No repeat can help: the result becomes a failure with that code, and a failure that is refused as well is set aside. */
    SET_ASIDE,
    /** The node must not go on. */
    STOP;

    /** The rule for a fault of evaluate or endorse: nothing has been sent to be ordered. */
    public static FaultRule ofEndorse(SelvageException fault) {
        return switch (fault.code()) {
            case NOT_YET_VISIBLE -> SUBMIT_BARE;
            case TRANSACTION_TOO_LARGE -> SPLIT;
            case TASK_ENDED, ALREADY_DONE, DUPLICATE -> ADOPT;
            case LEDGER_UNREACHABLE,
                    ENDORSEMENT_FAILED,
                    TOO_MANY_REQUESTS,
                    CHAINCODE_UNREACHABLE,
                    CHAINCODE_UNKNOWN,
                    NOT_READY,
                    NOT_YET_EXPIRED,
                    TASK_UNKNOWN,
                    WORKFLOW_UNKNOWN,
                    RESULT_UNKNOWN,
                    COMMIT_UNKNOWN,
                    COMMIT_FAILED,
                    NODE_UNKNOWN,
                    STORAGE_FULL,
                    INTERRUPTED,
                    LEDGER_REFUSED -> ENDORSE_AGAIN;
            case JOURNAL_CORRUPT,
                    IDENTITY_INVALID,
                    MSP_MISMATCH,
                    KEY_MISMATCH,
                    EVENTS_DENIED,
                    NODE_REVOKED,
                    CHANNEL_UNKNOWN,
                    LEDGER_MISMATCH,
                    TWIN_DETECTED -> STOP;
            // at the start wrong settings; later another peer, or this one when it has been put right, may do
            case TLS_NAME_MISMATCH, TLS_UNTRUSTED -> ENDORSE_AGAIN;
            // the node takes a renewed one from its files
            case CERTIFICATE_EXPIRED -> ENDORSE_AGAIN;
            default -> fault.code().category() == ErrorCategory.EXTERNAL ? ENDORSE_AGAIN : SET_ASIDE;
        };
    }

    /** The rule while the ledger has not been reached yet: what no waiting can put right ends the start. */
    public static FaultRule atStart(SelvageException fault) {
        return switch (fault.code()) {
            case TLS_NAME_MISMATCH, TLS_UNTRUSTED, CERTIFICATE_EXPIRED -> STOP;
            default -> ofEndorse(fault);
        };
    }

    /** A defect of this program or its libraries in the shape of a fault, so that it goes the way of faults: again, after a pause. */
    public static SelvageException ofDefect(RuntimeException defect) {
        return defect instanceof SelvageException ours
                ? ours
                : new SelvageException(ErrorCode.LEDGER_REFUSED, "The call failed in this program: " + defect, defect);
    }

    /** The rule for a fault of submit: whatever it says, the transaction may have been ordered (measured: FABRIC.md). */
    public static FaultRule ofSubmit(SelvageException fault) {
        return fault.code() == ErrorCode.IDENTITY_INVALID ? STOP : WAIT;
    }

    /** The rule for a validation code other than VALID. The first code of a transaction counts; a copy becomes DUPLICATE_TXID. */
    public static FaultRule ofValidation(String code) {
        return switch (code) {
            case "MVCC_READ_CONFLICT",
                    "PHANTOM_READ_CONFLICT",
                    "ENDORSEMENT_POLICY_FAILURE",
                    "EXPIRED_CHAINCODE",
                    "CHAINCODE_VERSION_CONFLICT",
                    "INVALID_ENDORSER_TRANSACTION",
                    "UNKNOWN_TX_TYPE",
                    "NOT_VALIDATED" -> ENDORSE_AGAIN;
            case "DUPLICATE_TXID" -> WAIT;
            case "BAD_CREATOR_SIGNATURE" -> STOP;
            default -> SET_ASIDE;
        };
    }
}
