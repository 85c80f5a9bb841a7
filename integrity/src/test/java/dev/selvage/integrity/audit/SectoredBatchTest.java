package dev.selvage.integrity.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.proofs.Verdict;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SectoredBatchTest {
    private static final int BLOCK = 62;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final FileKey fileKey = new FileKey(Arrays.copyOf(new byte[] {9}, 32));

    private List<SectoredBatch.Item> items(Pairing pairing, int count) throws IOException {
        var audit = new SectoredAudit(pairing, BLOCK);
        List<SectoredBatch.Item> items = new ArrayList<>();
        for (int f = 0; f < count; f++) {
            byte[] file = Arrays.copyOf(new byte[] {(byte) f}, 32);
            var data = Bytes.random(f, 5 * BLOCK, BLOCK);
            var owner = new OwnerKey(BigInteger.valueOf(1_000 + f % 2));
            var setup = audit.setUp(file, data, fileKey, owner);
            var anchor = setup.anchor(file, 1, data);
            var challenge = new Challenge(file, 3);
            var key = owner.publicKey(pairing);
            items.add(new SectoredBatch.Item(
                    anchor, challenge, key, audit.prove(anchor, challenge, key, data, fileKey, setup, RANDOM)));
        }
        return items;
    }

    @Test
    void proofs_of_several_files_and_owners_are_accepted_together_by_both_libraries() throws IOException {
        for (var pairing : List.of(Pairing.fastest(), Pairing.pureJava())) {
            var batch = new SectoredBatch(new SectoredAudit(pairing, BLOCK));
            assertThat(batch.verify(items(pairing, 4), RANDOM)).hasSize(4).containsOnly(Verdict.ACCEPTED);
        }
    }

    @Test
    void wrong_proofs_of_a_batch_are_named() throws IOException {
        var pairing = Pairing.fastest();
        var items = items(pairing, 5);
        items.set(1, changed(items.get(1), BigInteger.ONE));
        var item = items.get(3);
        var short3 = new SectoredAudit.Proof(
                item.proof().shown().subList(0, 2),
                item.proof().paths(),
                item.proof().hidden(),
                item.proof().z());
        items.set(3, new SectoredBatch.Item(item.anchor(), item.challenge(), item.publicKey(), short3));
        var verdicts = new SectoredBatch(new SectoredAudit(pairing, BLOCK)).verify(items, RANDOM);
        assertThat(verdicts).extracting(Verdict::accepted).containsExactly(true, false, true, false, true);
        assertThat(verdicts.get(1)).isEqualTo(Verdict.rejected("the tags do not belong to the data"));
    }

    @Test
    void two_wrong_proofs_do_not_make_up_for_each_other() throws IOException {
        var pairing = Pairing.fastest();
        var items = items(pairing, 4);
        // of one owner: what the one sum has too much, the other has too little; without weights both would pass
        items.set(0, changed(items.get(0), BigInteger.ONE));
        items.set(2, changed(items.get(2), BigInteger.ONE.negate()));
        var verdicts = new SectoredBatch(new SectoredAudit(pairing, BLOCK)).verify(items, RANDOM);
        assertThat(verdicts).extracting(Verdict::accepted).containsExactly(false, true, false, true);
    }

    @Test
    void an_empty_batch_has_no_verdicts() {
        assertThat(new SectoredBatch(new SectoredAudit(Pairing.fastest(), BLOCK)).verify(List.of(), RANDOM))
                .isEmpty();
    }

    private static SectoredBatch.Item changed(SectoredBatch.Item item, BigInteger by) {
        List<BigInteger> z = new ArrayList<>(item.proof().z());
        z.set(1, z.get(1).add(by).mod(Pairing.ORDER));
        var proof = new SectoredAudit.Proof(
                item.proof().shown(), item.proof().paths(), item.proof().hidden(), z);
        return new SectoredBatch.Item(item.anchor(), item.challenge(), item.publicKey(), proof);
    }
}
