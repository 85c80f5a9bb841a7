package dev.selvage.network.internal.commit;

import dev.selvage.network.internal.access.AccessRules;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Status;
import org.hyperledger.fabric.protos.orderer.BroadcastResponse;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/**
 * What an ordering node does with an envelope before it orders it: refuses what does not parse or was not signed by a Writer of the
 * channel, and takes everything else, valid or not. Thread-safe.
 */
public final class OrderingDoor {
    /** AbsoluteMaxBytes of the channel's config block. */
    private static final int LARGEST_ENVELOPE = 10 * 1024 * 1024;

    private final TransactionChecks checks;
    private final AccessRules access;
    private final Committer committer;

    public OrderingDoor(TransactionChecks checks, AccessRules access, Committer committer) {
        this.checks = checks;
        this.access = access;
        this.committer = committer;
    }

    public BroadcastResponse order(Envelope envelope) {
        if (envelope.getSerializedSize() > LARGEST_ENVELOPE) {
            return response(
                    Status.BAD_REQUEST,
                    "message payload is " + envelope.getSerializedSize() + " bytes and exceeds maximum allowed "
                            + LARGEST_ENVELOPE + " bytes");
        }
        CheckedTransaction checked = checks.check(envelope);
        TxValidationCode verdict = checked.verdict();
        if (verdict == TxValidationCode.BAD_PAYLOAD || verdict == TxValidationCode.BAD_COMMON_HEADER) {
            return response(Status.BAD_REQUEST, "the envelope does not parse");
        }
        if (verdict == TxValidationCode.TARGET_CHAIN_NOT_FOUND) {
            return response(Status.NOT_FOUND, "channel not found");
        }
        if (checked.creator().filter(access::mayOrder).isEmpty()) {
            return response(Status.FORBIDDEN, AccessRules.unsatisfied("Writers") + ": permission denied");
        }
        if (checked.creator().filter(access::expired).isPresent()) {
            return response(Status.BAD_REQUEST, "broadcast client identity expired");
        }
        return committer.offer(checked)
                ? response(Status.SUCCESS, "")
                : response(Status.SERVICE_UNAVAILABLE, "too many transactions are waiting, or the ledger is stopping");
    }

    private static BroadcastResponse response(Status status, String info) {
        return BroadcastResponse.newBuilder().setStatus(status).setInfo(info).build();
    }
}
