package dev.selvage.agent.audit;

import dev.selvage.agent.data.Openings;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.MetadataFacts.AuditFact;
import java.util.Map;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much of a version its audits show: in the mode merkle the challenged blocks are sent whole, so that enough audits would hand over the file. Each asker may
 * be shown the share that its grant says, counted over all its audits of the version, and durably. Thread-safe.
 */
final class OpenedShare {
    private static final Logger LOG = LoggerFactory.getLogger(OpenedShare.class);

    private final Openings openings;
    private final Metadata metadata;

    OpenedShare(Openings openings, Metadata metadata) {
        this.openings = openings;
        this.metadata = metadata;
    }

    /**
     * Counts the blocks of an audit that is to be answered; one that was counted already is not looked at again.
     *
     * @param percent of the version's blocks that the asker may be shown
     * @throws SelvageException OPENING_LIMIT
     */
    void require(AuditFact audit, Kit kit, int percent) {
        if (audit.mode() != AuditMode.MERKLE) {
            return;
        }
        int most = (int) ((long) kit.leaves() * percent / 100);
        OptionalInt counted = count(audit, kit, most);
        if (counted.isPresent() && forgetEnded(kit.id(), audit.buyer().msp())) {
            counted = count(audit, kit, most);
        }
        if (counted.isPresent()) {
            throw new SelvageException(
                    ErrorCode.OPENING_LIMIT,
                    Map.of("counted", Integer.toString(counted.getAsInt()), "most", Integer.toString(most)),
                    "Audits in the mode merkle may show " + audit.buyer().msp() + " " + most + " of the " + kit.leaves()
                            + " blocks of " + kit.data() + " version " + kit.version() + " (" + percent
                            + "%); this one would show " + audit.count() + ", and " + counted.getAsInt()
                            + " are counted already.");
        }
    }

    private OptionalInt count(AuditFact audit, Kit kit, int most) {
        return openings.count(kit.id(), audit.buyer().msp(), audit.id(), audit.count(), most);
    }

    /** Blocks of an audit are about to be sent. */
    void shown(AuditFact audit) {
        if (audit.mode() == AuditMode.MERKLE) {
            openings.shown(audit.id());
        }
    }

    /** Audits that ended before a proof was asked for have shown nothing; whether there were any. */
    private boolean forgetEnded(Digest anchor, String asker) {
        boolean any = false;
        for (String audit : openings.notShown(anchor, asker)) {
            try {
                if (metadata.audit(audit).state().ended()) {
                    openings.forget(audit);
                    any = true;
                }
            } catch (SelvageException e) {
                LOG.info("audit={} stays counted: {}", audit, e.getMessage());
            }
        }
        return any;
    }
}
