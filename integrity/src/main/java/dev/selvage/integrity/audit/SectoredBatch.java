package dev.selvage.integrity.audit;

import dev.selvage.integrity.pairing.InvalidPointException;
import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.Verdict;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Many sectored proofs with one equation: e(prod S_f^(gamma_f delta_f), g2) = prod over owners e(prod G_f^delta_f, v). The weights delta_f, 128 bits,
 * are drawn by the verifier after all proofs are fixed, so that no two wrong proofs can make up for each other.
 */
public final class SectoredBatch {
    private static final int WEIGHT_BITS = 128;

    private final SectoredAudit audit;
    private final Pairing pairing;

    /**
     * A verifier of batches.
     *
     * @param audit of the block size that all files of the batch have
     */
    public SectoredBatch(SectoredAudit audit) {
        this.audit = audit;
        this.pairing = audit.pairing();
    }

    /** A proof with what it is checked against. */
    public record Item(Anchor anchor, Challenge challenge, Pairing.G2 publicKey, SectoredAudit.Proof proof) {}

    /**
     * Judges each proof. When the common equation fails, each is checked alone, so that one wrong proof names itself and costs the batch its
     * advantage.
     *
     * @param random the verifier's own; unknown to all provers
     * @return verdicts in the order of the items
     */
    public List<Verdict> verify(List<Item> items, SecureRandom random) {
        List<Verdict> verdicts = new ArrayList<>(Collections.nCopies(items.size(), Verdict.ACCEPTED));
        Map<Integer, SectoredAudit.Terms> terms = new LinkedHashMap<>();
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            Verdict shape = audit.verifyShape(item.anchor(), item.challenge(), item.proof());
            if (!shape.accepted()) {
                verdicts.set(i, shape);
                continue;
            }
            try {
                terms.put(i, audit.terms(item.anchor(), item.challenge(), item.publicKey(), item.proof()));
            } catch (InvalidPointException e) {
                verdicts.set(i, Verdict.rejected(e.getMessage()));
            }
        }
        if (!terms.isEmpty() && !holds(items, terms, random)) {
            for (int i : terms.keySet()) {
                Item item = items.get(i);
                verdicts.set(i, audit.verify(item.anchor(), item.challenge(), item.publicKey(), item.proof()));
            }
        }
        return List.copyOf(verdicts);
    }

    private boolean holds(List<Item> items, Map<Integer, SectoredAudit.Terms> terms, SecureRandom random) {
        List<Pairing.G1> tags = new ArrayList<>();
        List<BigInteger> weights = new ArrayList<>();
        Map<String, Owner> owners = new LinkedHashMap<>();
        terms.forEach((index, term) -> {
            BigInteger delta = new BigInteger(WEIGHT_BITS, random).max(BigInteger.ONE);
            Item item = items.get(index);
            tags.add(term.tags());
            weights.add(delta);
            owners.computeIfAbsent(Arrays.toString(item.publicKey().compressed()), key -> new Owner(item.publicKey()))
                    .add(term.rest(), delta, item.proof().z());
        });
        List<Pairing.G1> sums = new ArrayList<>();
        List<Pairing.G2> keys = new ArrayList<>();
        for (Owner owner : owners.values()) {
            sums.add(owner.sum());
            keys.add(owner.key);
        }
        return pairing.equalsProduct(pairing.bases(tags).combine(weights), pairing.g2Generator(), sums, keys);
    }

    /** What is paired with one owner's key. */
    private final class Owner {
        private final Pairing.G2 key;
        private final List<Pairing.G1> rests = new ArrayList<>();
        private final List<BigInteger> weights = new ArrayList<>();
        private final BigInteger[] exponents = new BigInteger[audit.sectors().count() + 1];

        Owner(Pairing.G2 key) {
            this.key = key;
            Arrays.fill(exponents, BigInteger.ZERO);
        }

        void add(Pairing.G1 rest, BigInteger delta, List<BigInteger> z) {
            rests.add(rest);
            weights.add(delta);
            for (int j = 0; j < exponents.length; j++) {
                exponents[j] = exponents[j].add(delta.multiply(z.get(j))).mod(Pairing.ORDER);
            }
        }

        Pairing.G1 sum() {
            return pairing.add(
                    pairing.bases(rests).combine(weights),
                    audit.sectors().bases().combine(Arrays.asList(exponents)));
        }
    }
}
