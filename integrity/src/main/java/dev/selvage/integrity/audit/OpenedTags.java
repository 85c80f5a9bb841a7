package dev.selvage.integrity.audit;

import dev.selvage.integrity.pairing.InvalidPointException;
import dev.selvage.integrity.pairing.Pairing;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Whether the tags of opened blocks belong to their bytes: e(prod sigma^nu, g2) = e(prod P^nu prod u_j^(sum nu m_j), v), with the masks shown for these
 * blocks. The tags are anchored before the weights nu are known. A wrong tag could only be made up for by a mask, and only by one that makes it a right tag. One
 * block is in memory at a time.
 */
final class OpenedTags {
    private final SectoredAudit audit;
    private final Pairing pairing;
    private final Pairing.G2 publicKey;
    private final Challenge challenge;
    private final List<Pairing.G1> tags = new ArrayList<>();
    private final List<Pairing.G1> blocks = new ArrayList<>();
    private final List<BigInteger> weights = new ArrayList<>();
    private final BigInteger[] sums;
    private boolean outside;

    OpenedTags(SectoredAudit audit, Pairing.G2 publicKey, Challenge challenge) {
        this.audit = audit;
        this.pairing = audit.pairing();
        this.publicKey = publicKey;
        this.challenge = challenge;
        this.sums = new BigInteger[audit.sectors().count() + 1];
        Arrays.fill(sums, BigInteger.ZERO);
    }

    /**
     * Takes in a block that is the anchored one.
     *
     * @param hash salted
     * @param mask below the group's order
     */
    void add(byte[] hash, byte[] tag, BigInteger mask, byte[] block) {
        try {
            tags.add(pairing.g1(tag));
        } catch (InvalidPointException e) {
            outside = true;
            return;
        }
        var weight = challenge.draw().weight(weights.size());
        weights.add(weight);
        blocks.add(audit.blockPoint(hash));
        sums[0] = sums[0].add(weight.multiply(mask));
        var numbers = audit.sectors().numbers(block);
        for (int j = 0; j < numbers.length; j++) {
            sums[j + 1] = sums[j + 1].add(weight.multiply(numbers[j]));
        }
    }

    /** Whether all that was taken in fits. */
    boolean fit() {
        if (outside || tags.isEmpty()) {
            return !outside;
        }
        var exponents = Arrays.stream(sums).map(sum -> sum.mod(Pairing.ORDER)).toList();
        var right = pairing.add(
                pairing.bases(blocks).combine(weights), audit.sectors().bases().combine(exponents));
        return pairing.equal(pairing.bases(tags).combine(weights), pairing.g2Generator(), right, publicKey);
    }
}
