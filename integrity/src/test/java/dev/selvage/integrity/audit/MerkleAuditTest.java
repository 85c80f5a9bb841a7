package dev.selvage.integrity.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.MerkleTree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MerkleAuditTest {
    private static final byte[] FILE = new byte[32];
    private static final int BLOCK = 310;

    private final Bytes data = Bytes.random(7, 20 * BLOCK + 100, BLOCK);
    private final FileKey key = new FileKey(Arrays.copyOf(new byte[] {9}, 32));
    private final Challenge challenge = new Challenge(Arrays.copyOf(new byte[] {1}, 32), 6);
    private final MerkleTree tree = tree();
    private final Anchor anchor = MerkleAudit.anchor(FILE, 1, data, tree);

    private MerkleTree tree() {
        try {
            return MerkleTree.of(MerkleAudit.leaves(FILE, data, key));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] proof() throws IOException {
        return MerkleProofs.prove(challenge, data, key, tree);
    }

    private Finding found(byte[] proof) throws Exception {
        return MerkleProofs.verify(anchor, challenge, proof);
    }

    @Test
    void intact_data_is_accepted() throws Exception {
        assertThat(found(proof())).isEqualTo(Finding.accepted());
    }

    @Test
    void damaged_blocks_are_named() throws Exception {
        var challenged = challenge.indexes(21);
        var damaged = new TreeSet<>(Arrays.asList(challenged.first(), challenged.last()));
        damaged.forEach(index -> data.content()[index * BLOCK] ^= 1);
        var finding = found(proof());
        assertThat(finding.verdict().accepted()).isFalse();
        assertThat(finding.damaged()).isEqualTo(damaged);
        assertThat(finding.verdict().reason()).contains("2 of 6").contains("blocks " + damaged.first());
    }

    @Test
    void every_bit_flip_is_rejected_and_none_accepted() throws Exception {
        byte[] proof = proof();
        for (int at = 0; at < proof.length; at++) {
            byte[] flipped = proof.clone();
            flipped[at] ^= (byte) (1 << (at % 8));
            assertThat(rejects(flipped)).as("byte %d", at).isTrue();
        }
    }

    private boolean rejects(byte[] proof) throws Exception {
        try {
            return !found(proof).verdict().accepted();
        } catch (MalformedProofException e) {
            return true;
        }
    }

    @Test
    void a_proof_that_is_cut_anywhere_is_no_proof() throws Exception {
        byte[] proof = proof();
        for (int length = 0; length < proof.length; length++) {
            assertThat(rejects(Arrays.copyOf(proof, length)))
                    .as("%d bytes", length)
                    .isTrue();
        }
    }

    @Test
    void no_more_is_read_than_anchor_and_challenge_allow() throws Exception {
        byte[] endless = Arrays.copyOf(proof(), 1 << 20);
        var in = new ByteArrayInputStream(endless);
        assertThatThrownBy(() -> MerkleAudit.verify(anchor, challenge, in)).isInstanceOf(MalformedProofException.class);
        assertThat(in.available()).isGreaterThan(endless.length - proof().length - 21 * 32 - 32);
    }

    @Test
    void a_truncated_file_is_rejected_with_the_blocks_that_are_gone() throws Exception {
        int first = challenge.indexes(21).first();
        var half = new BlockSource() {
            @Override
            public long length() {
                return data.length();
            }

            @Override
            public int blockSize() {
                return BLOCK;
            }

            @Override
            public byte[] block(int index) throws IOException {
                if (index > first) {
                    throw new IOException("the file ends");
                }
                return data.block(index);
            }
        };
        assertThat(found(MerkleProofs.prove(challenge, half, key, tree)).damaged())
                .isEqualTo(challenge.indexes(21).tailSet(first + 1));
    }
}
