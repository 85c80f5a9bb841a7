package dev.selvage.integrity.audit;

import dev.selvage.integrity.pairing.InvalidPointException;
import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.proofs.Leaves;
import dev.selvage.proofs.PaperTree;
import dev.selvage.proofs.Sha256;
import dev.selvage.proofs.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The scheme as published (B4, B5), for fidelity and as a baseline: sigma = (H(m) u^m)^alpha, roots R1 over the blocks' hashes and R2 over the
 * tags, and e(sigma, g) = e(Delta, v). It does not prove possession; tests show the attacks, and docs/integrity.md explains them.
 */
public final class PaperAudit {
    private static final String BLOCK_DST = "SELVAGE-V01-PAPER-H_BLS12381G1_XMD:SHA-256_SSWU_RO_";
    private static final String BASE_DST = "SELVAGE-V01-PAPER-U_BLS12381G1_XMD:SHA-256_SSWU_RO_";

    private final Pairing pairing;
    private final Pairing.G1 base;

    public PaperAudit(Pairing pairing) {
        this.pairing = pairing;
        this.base = pairing.hashToG1("u".getBytes(StandardCharsets.US_ASCII), BASE_DST);
    }

    /** {i, v_i} of a challenge: which blocks, and their weights. */
    public static SortedMap<Integer, BigInteger> weights(Challenge challenge, int blocks) {
        SortedMap<Integer, BigInteger> weights = new TreeMap<>();
        for (int index : challenge.indexes(blocks)) {
            weights.put(index, challenge.draw().weight(weights.size()));
        }
        return weights;
    }

    /** Hashes and signs all blocks. */
    public Setup setUp(BlockSource blocks, OwnerKey owner) throws IOException {
        var hashes = new ByteArrayOutputStream();
        for (int i = 0; i < blocks.blocks(); i++) {
            hashes.writeBytes(Sha256.of(blocks.block(i)));
        }
        return setUp(blocks, hashes.toByteArray(), owner);
    }

    /**
     * Signs all blocks.
     *
     * @param hashes of them, 32 bytes each, as a {@link dev.selvage.integrity.hash.Hasher} gives them
     */
    public Setup setUp(BlockSource blocks, byte[] hashes, OwnerKey owner) throws IOException {
        List<byte[]> each = new ArrayList<>();
        List<Pairing.G1> tags = new ArrayList<>();
        for (int i = 0; i < blocks.blocks(); i++) {
            byte[] hash = Arrays.copyOfRange(hashes, i * Leaves.HASH_BYTES, (i + 1) * Leaves.HASH_BYTES);
            each.add(hash);
            tags.add(pairing.multiply(point(hash, blocks.block(i)), owner.alpha()));
        }
        return new Setup(each, tags, owner.publicKey(pairing), root(each), root(tagHashes(tags)));
    }

    /** H(m) u^m with the whole block as one exponent, as published. */
    private Pairing.G1 point(byte[] hash, byte[] block) {
        return pairing.add(pairing.hashToG1(hash, BLOCK_DST), pairing.multiply(base, new BigInteger(1, block)));
    }

    /**
     * Answers a challenge.
     *
     * @param weights v_i by block
     */
    public Proof prove(Setup setup, BlockSource blocks, SortedMap<Integer, BigInteger> weights) throws IOException {
        return new Proof(setup.hashes(), setup.tags(), delta(blocks, weights));
    }

    /** Delta = prod (H(m_i) u^{m_i})^{v_i}. */
    Pairing.G1 delta(BlockSource blocks, SortedMap<Integer, BigInteger> weights) throws IOException {
        List<Pairing.G1> points = new ArrayList<>();
        for (int index : weights.keySet()) {
            byte[] block = blocks.block(index);
            points.add(point(Sha256.of(block), block));
        }
        return pairing.bases(points).combine(List.copyOf(weights.values()));
    }

    /** Both roots first, then the pairing. */
    public Verdict verify(Published published, SortedMap<Integer, BigInteger> weights, Proof proof) {
        int count = proof.hashes().size();
        if (count == 0 || proof.tags().size() != count || weights.lastKey() >= count) {
            return Verdict.rejected("the proof has another shape than the challenge");
        }
        if (!Arrays.equals(root(proof.hashes()), published.root1())) {
            return Verdict.rejected("the hashes do not lead to R1");
        }
        if (!Arrays.equals(root(tagHashes(proof.tags())), published.root2())) {
            return Verdict.rejected("the tags do not lead to R2");
        }
        List<Pairing.G1> tags = weights.keySet().stream().map(proof.tags()::get).toList();
        var sigma = pairing.bases(tags).combine(List.copyOf(weights.values()));
        return pairing.equal(sigma, pairing.g2Generator(), proof.delta(), published.publicKey())
                ? Verdict.ACCEPTED
                : Verdict.rejected("e(sigma, g) differs from e(Delta, v)");
    }

    private static List<byte[]> tagHashes(List<Pairing.G1> tags) {
        return tags.stream().map(tag -> Sha256.of(tag.compressed())).toList();
    }

    private static byte[] root(List<byte[]> hashes) {
        var out = new ByteArrayOutputStream();
        hashes.forEach(out::writeBytes);
        return PaperTree.root(out.toByteArray());
    }

    /** What stands on the ledger: {g, v, R1, R2}. */
    public record Published(Pairing.G2 publicKey, byte[] root1, byte[] root2) {}

    /** What the owner keeps. */
    public record Setup(List<byte[]> hashes, List<Pairing.G1> tags, Pairing.G2 publicKey, byte[] root1, byte[] root2) {
        public Setup {
            hashes = List.copyOf(hashes);
            tags = List.copyOf(tags);
        }

        public Published published() {
            return new Published(publicKey, root1, root2);
        }
    }

    /**
     * {H(m_i), A1, sigma_i, A2, Delta}; the auxiliary hashes A1 and A2 are here all leaves, from which both roots follow.
     *
     * @param delta prod (H(m_i) u^{m_i})^{v_i} over the challenged blocks
     */
    public record Proof(List<byte[]> hashes, List<Pairing.G1> tags, Pairing.G1 delta) {
        public Proof {
            hashes = List.copyOf(hashes);
            tags = List.copyOf(tags);
        }

        /** The bytes that travel. */
        public byte[] encoded() {
            var out = new Wire.Writer(Wire.PAPER).count(hashes.size());
            hashes.forEach(out::fixed);
            tags.forEach(tag -> out.fixed(tag.compressed()));
            return out.fixed(delta.compressed()).bytes();
        }

        /**
         * Reads what {@link #encoded} wrote.
         *
         * @param blocks of the file, from the ledger
         * @throws MalformedProofException when the bytes are no such proof, or hold no points of the group
         */
        public static Proof decode(byte[] bytes, int blocks, Pairing pairing) throws MalformedProofException {
            var in = new Wire.Reader(bytes, Wire.PAPER);
            int count = in.count(blocks);
            if (count != blocks) {
                throw new MalformedProofException("the proof is of " + count + " blocks instead of " + blocks);
            }
            List<byte[]> hashes = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                hashes.add(in.fixed(Leaves.HASH_BYTES));
            }
            List<Pairing.G1> tags = new ArrayList<>();
            try {
                for (int i = 0; i < count; i++) {
                    tags.add(pairing.g1(in.fixed(pairing.g1Bytes())));
                }
                var delta = pairing.g1(in.fixed(pairing.g1Bytes()));
                in.end();
                return new Proof(hashes, tags, delta);
            } catch (InvalidPointException e) {
                throw new MalformedProofException(e.getMessage());
            }
        }
    }
}
