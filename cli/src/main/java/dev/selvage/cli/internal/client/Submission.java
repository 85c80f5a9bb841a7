package dev.selvage.cli.internal.client;

import dev.selvage.agent.ledger.CommitQuestion;
import dev.selvage.agent.ledger.FaultRule;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.hyperledger.fabric.client.CommitStatusException;
import org.hyperledger.fabric.client.SubmitException;
import org.hyperledger.fabric.client.Transaction;

/**
 * Has an endorsed transaction ordered and learns what became of it. A submit that fails may have been ordered all the same, so its status is
 * asked for before anything is told; the same bytes, sent again, take effect once (decision 0180).
 */
final class Submission {
    private static final int SENT_AT_MOST = 2;

    private final PeerLinks links;
    private final String channel;
    private final String txid;
    private final byte[] bytes;
    private final Duration doubtful;

    /** @param doubtful how long to wait for the status of a transaction that no peer has said to have passed on */
    Submission(PeerLinks links, String channel, Transaction endorsed, Duration doubtful) {
        this.links = links;
        this.channel = channel;
        this.txid = endorsed.getTransactionId();
        this.bytes = endorsed.getBytes();
        this.doubtful = doubtful;
    }

    /**
     * Returns when the transaction has committed.
     *
     * @throws SelvageException COMMIT_FAILED when it is invalid; COMMIT_UNKNOWN when nobody said what became of it; IDENTITY_INVALID and
     *     TOO_MANY_REQUESTS when it was not ordered
     */
    void commit() {
        for (int sent = 1; ; sent++) {
            var doubt = send(sent == 1);
            try {
                requireValid(doubt.isPresent() ? doubtful.dividedBy(links.count()) : PeerLinks.WRITE);
                return;
            } catch (SelvageException fault) {
                if (fault.code() != ErrorCode.COMMIT_UNKNOWN) {
                    throw fault;
                } else if (doubt.isEmpty() || sent == SENT_AT_MOST) {
                    throw unknown(doubt.orElse(fault));
                }
            }
        }
    }

    /** Sends it by the first peer that passes it on; else gives the fault that leaves open whether one did. */
    private Optional<SelvageException> send(boolean first) {
        Optional<SelvageException> doubt = Optional.empty();
        SelvageException refusal = null;
        for (int attempt = 0; attempt < links.count(); attempt++) {
            var link = links.current();
            try {
                link.gateway().newTransaction(bytes).submitAsync();
                return Optional.empty();
            } catch (SubmitException e) {
                var fault = link.faults().of(e);
                if (isSure(fault)) {
                    refusal = fault;
                } else {
                    doubt = Optional.of(fault);
                }
                links.leave(link);
            }
        }
        if (first && doubt.isEmpty()) {
            throw refusal;
        }
        return doubt.isPresent() ? doubt : Optional.of(refusal);
    }

    /** Whether the peer has certainly not passed it on. */
    private static boolean isSure(SelvageException fault) {
        return fault.code() == ErrorCode.TOO_MANY_REQUESTS || FaultRule.ofSubmit(fault) == FaultRule.STOP;
    }

    /** Any peer of the organisation knows what became of it. */
    private void requireValid(Duration patience) {
        SelvageException fault = null;
        for (int attempt = 0; attempt < links.count(); attempt++) {
            var link = links.current();
            try {
                var status =
                        CommitQuestion.of(link.gateway(), channel, txid).getStatus(PeerLinks.within(patience)::apply);
                if (!status.isSuccessful()) {
                    throw link.faults().invalid(txid, status.getCode());
                }
                return;
            } catch (CommitStatusException e) {
                fault = link.faults().of(e);
                links.leave(link);
            }
        }
        throw fault;
    }

    private SelvageException unknown(SelvageException why) {
        return new SelvageException(
                ErrorCode.COMMIT_UNKNOWN,
                Map.of("transaction", txid),
                "Transaction " + txid + " was sent and may still commit. " + why.sentence(),
                why);
    }
}
