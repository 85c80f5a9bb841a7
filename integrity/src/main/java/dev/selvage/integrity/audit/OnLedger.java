package dev.selvage.integrity.audit;

import dev.selvage.integrity.pairing.InvalidPointException;
import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.model.Digest;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataFacts;
import dev.selvage.proofs.Anchor;

/** From what the metadata contract records to what audits compute with, and back (docs/metadata.md). Contract and clients share it. */
public final class OnLedger {
    private OnLedger() {}

    /** What an owner's admin registers. */
    public static MetadataApi.NewKey key(Pairing pairing, OwnerKey owner, String msp) {
        return new MetadataApi.NewKey(
                owner.publicKey(pairing).compressed(),
                owner.possession(pairing, msp).compressed());
    }

    /** By which digest a registered key is named. */
    public static Digest keyDigest(Pairing pairing, OwnerKey owner) {
        return Digest.of(owner.publicKey(pairing).compressed());
    }

    /** An anchor as audits take it. */
    public static Anchor anchor(MetadataFacts.AnchorFact fact) {
        return new Anchor(
                fact.file().bytes(),
                fact.version(),
                fact.leaves(),
                fact.length(),
                fact.blockSize(),
                fact.root().bytes());
    }

    /**
     * What the buyer commits to when it opens an audit.
     *
     * @param nonce the buyer's number k_b, 32 random bytes, secret until a prover has answered
     */
    public static Digest commitment(MetadataFacts.AnchorFact fact, int count, byte[] nonce) {
        return Digest.fromHash(Challenge.commitment(anchor(fact), count, nonce));
    }

    /** The seed of an audit's challenge, once both numbers are known. */
    public static Digest seed(
            String channel,
            MetadataFacts.AnchorFact anchor,
            MetadataFacts.AuditFact audit,
            byte[] buyerNonce,
            byte[] proverNonce) {
        var challenge = Challenge.of(channel, anchor(anchor), audit.sectors(), audit.count(), buyerNonce, proverNonce);
        return Digest.fromHash(challenge.seed());
    }

    /** The challenge of an audit whose seed the contract has computed. */
    public static Challenge challenge(MetadataFacts.AuditFact audit, MetadataFacts.RevealFact reveal) {
        return new Challenge(reveal.seed().bytes(), audit.count());
    }

    /**
     * An anchor of the paper mode as that mode takes it.
     *
     * @throws InvalidPointException when the key on the ledger is no point of the group
     */
    public static PaperAudit.Published published(Pairing pairing, MetadataFacts.AnchorFact fact)
            throws InvalidPointException {
        return new PaperAudit.Published(
                pairing.g2(fact.publicKey()), fact.root().bytes(), fact.root2().bytes());
    }
}
