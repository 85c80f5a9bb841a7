package dev.selvage.network.internal.endorse;

import com.google.protobuf.ByteString;
import dev.selvage.network.internal.access.AccessRules;
import dev.selvage.network.internal.access.TimeWindow;
import dev.selvage.network.internal.commit.TransactionChecks;
import dev.selvage.network.internal.endorse.Endorsed.Refused;
import dev.selvage.network.internal.store.LedgerStore;
import dev.selvage.network.org.ChannelOrganisations;
import dev.selvage.network.org.Identification.Known;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.SignatureHeader;

/** Decides whether a proposal is run at all, with Fabric's checks, order and words. */
final class ProposalGuard {
    private static final String LIFECYCLE = "_lifecycle";

    private final AccessRules access;
    private final ChannelOrganisations organisations;
    private final SystemChaincodes system;
    private final LedgerStore store;
    private final Clock clock;

    ProposalGuard(
            AccessRules access,
            ChannelOrganisations organisations,
            SystemChaincodes system,
            LedgerStore store,
            Clock clock) {
        this.access = access;
        this.organisations = organisations;
        this.system = system;
        this.store = store;
        this.clock = clock;
    }

    /** Why the proposal is refused; empty when it may run. */
    Optional<Refused> objection(UnpackedProposal proposal) {
        return expired(proposal)
                .or(() -> time(proposal.channelHeader()))
                .map(reason -> new Refused(reason, true))
                .or(() -> form(proposal)
                        .map(reason -> "error validating proposal: " + reason)
                        .or(() -> repeated(proposal))
                        .or(() -> writer(proposal))
                        .map(reason -> new Refused(reason, false)));
    }

    private Optional<String> expired(UnpackedProposal proposal) {
        return organisations.identify(proposal.signatureHeader().getCreator()) instanceof Known known
                        && access.expired(known.member())
                ? Optional.of("proposal client identity expired")
                : Optional.empty();
    }

    private Optional<String> time(ChannelHeader header) {
        Instant now = clock.instant();
        return TimeWindow.contains(header.getTimestamp(), now)
                ? Optional.empty()
                : Optional.of("request unauthorized due to incorrect timestamp, "
                        + header.getTimestamp().getSeconds() + " s since 1970, peer time " + now
                        + ", peer.authentication.timewindow 15m0s");
    }

    private Optional<String> form(UnpackedProposal proposal) {
        ChannelHeader header = proposal.channelHeader();
        SignatureHeader signer = proposal.signatureHeader();
        if (header.getType() != HeaderType.ENDORSER_TRANSACTION_VALUE && header.getType() != HeaderType.CONFIG_VALUE) {
            return Optional.of("invalid header type " + HeaderType.forNumber(header.getType()));
        }
        if (header.getEpoch() != 0) {
            return Optional.of("epoch is non-zero");
        }
        if (signer.getNonce().isEmpty()) {
            return Optional.of("nonce is empty");
        }
        if (signer.getCreator().isEmpty()) {
            return Optional.of("creator is empty");
        }
        String expected = TransactionChecks.transactionId(signer.getNonce(), signer.getCreator());
        if (!expected.equals(proposal.txId())) {
            return Optional.of("incorrectly computed txid '" + proposal.txId() + "' -- expected '" + expected + "'");
        }
        if (proposal.signed().getSignature().isEmpty()) {
            return Optional.of("empty signature bytes");
        }
        return signature(proposal);
    }

    private Optional<String> signature(UnpackedProposal proposal) {
        ByteString creator = proposal.signatureHeader().getCreator();
        String denied = "access denied: channel [" + proposal.channel() + "] creator org ";
        if (!(organisations.identify(creator) instanceof Known known)) {
            return Optional.of(denied + "unknown, creator is malformed");
        }
        return access.signer(
                                creator,
                                proposal.signed().getProposalBytes(),
                                proposal.signed().getSignature())
                        .isPresent()
                ? Optional.empty()
                : Optional.of(denied + "[" + known.member().msp() + "]");
    }

    /** System chaincodes have rules of their own: readers may ask them, but only writers what is committed, as Fabric's default ACLs say. */
    private Optional<String> writer(UnpackedProposal proposal) {
        boolean query =
                system.has(proposal.chaincode()) && !proposal.chaincode().equals(LIFECYCLE);
        boolean allowed = organisations.identify(proposal.signatureHeader().getCreator()) instanceof Known known
                && (query ? access.mayRead(known.member()) : access.mayPropose(known.member()));
        String policy = query ? "Readers" : "Writers";
        return allowed
                ? Optional.empty()
                : Optional.of("failed evaluating policy on signed data during check policy [/Channel/Application/"
                        + policy + "]: [" + AccessRules.unsatisfied(policy) + "]");
    }

    private Optional<String> repeated(UnpackedProposal proposal) {
        if (store.place(proposal.txId()).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("duplicate transaction found [" + proposal.txId() + "]. Creator ["
                + HexFormat.of()
                        .formatHex(proposal.signatureHeader().getCreator().toByteArray()) + "]");
    }
}
