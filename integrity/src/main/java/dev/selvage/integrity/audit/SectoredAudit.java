package dev.selvage.integrity.audit;

import dev.selvage.integrity.pairing.InvalidPointException;
import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.Leaves;
import dev.selvage.proofs.MerkleTree;
import dev.selvage.proofs.MultiProof;
import dev.selvage.proofs.Sha256;
import dev.selvage.proofs.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Masked tags anchored on the ledger (INTEGRITY.md, "sectored"): short proofs that hide the data and that third parties can check. The tags are
 * bound by the leaves, so a prover cannot replace them; an owner who anchors tags of data that it never held is found by the
 * {@link MerkleAudit} only, and docs/integrity.md says so.
 */
public final class SectoredAudit {
    private static final String BLOCK_DST = "SELVAGE-V01-P_BLS12381G1_XMD:SHA-256_SSWU_RO_";
    private static final byte[] FIAT_SHAMIR = "selvage/audit/FS/v1".getBytes(StandardCharsets.US_ASCII);
    private static final int GAMMA_BYTES = 16;
    private static final Verdict NOT_THE_DATA = Verdict.rejected("the tags do not belong to the data");

    private final Pairing pairing;
    private final Sectors sectors;

    /** @param blockSize bytes of a whole block of the files that are audited */
    public SectoredAudit(Pairing pairing, int blockSize) {
        this.pairing = pairing;
        this.sectors = Sectors.of(pairing, blockSize);
    }

    /** Sectors of a block, a part of the challenge's seed. */
    public int sectorsPerBlock() {
        return sectors.count();
    }

    /**
     * Makes the tags of a file, on all cores.
     *
     * @param hashes the salted hashes of its blocks, 32 bytes each, as a {@link dev.selvage.integrity.hash.Hasher} gives them
     * @throws IOException when a block cannot be read
     */
    public Setup setUp(byte[] file, BlockSource blocks, byte[] hashes, FileKey fileKey, OwnerKey owner)
            throws IOException {
        List<byte[]> each = split(hashes);
        byte[][] tags = new byte[each.size()][];
        makeTags(IntStream.range(0, tags.length), each, tags, blocks, fileKey, owner);
        byte[] joined = new byte[tags.length * Pairing.G1_BYTES];
        for (int i = 0; i < tags.length; i++) {
            System.arraycopy(tags[i], 0, joined, i * Pairing.G1_BYTES, Pairing.G1_BYTES);
        }
        byte[] leaves = MerkleAudit.leaves(file, blocks.length(), blocks.blockSize(), hashes, joined);
        return new Setup(each, List.of(tags), MerkleTree.of(leaves));
    }

    /** As above, of a file whose blocks nobody has hashed yet. */
    public Setup setUp(byte[] file, BlockSource blocks, FileKey fileKey, OwnerKey owner) throws IOException {
        return setUp(file, blocks, MerkleAudit.hashes(blocks, fileKey), fileKey, owner);
    }

    /**
     * The set-up of a changed file under the key of the version before: only blocks whose salted hash is another one get new tags and are read. All other
     * tags stay valid, since they hang on the block and not on the version.
     *
     * @param before made with the same keys for blocks of the same size
     * @param hashes of all blocks as they are now
     * @throws IOException when a block cannot be read
     */
    public Setup update(Setup before, byte[] file, BlockSource blocks, byte[] hashes, FileKey fileKey, OwnerKey owner)
            throws IOException {
        List<byte[]> each = split(hashes);
        int known = Math.min(each.size(), before.hashes().size());
        byte[][] tags = Arrays.copyOf(before.tags().subList(0, known).toArray(byte[][]::new), each.size());
        int[] changed = IntStream.range(0, tags.length)
                .filter(i -> i >= known
                        || !Arrays.equals(each.get(i), before.hashes().get(i)))
                .toArray();
        makeTags(Arrays.stream(changed), each, tags, blocks, fileKey, owner);
        SortedMap<Integer, byte[]> leaves = new TreeMap<>();
        for (int i : changed) {
            int length = (int) Math.min(blocks.blockSize(), blocks.length() - (long) i * blocks.blockSize());
            leaves.put(i, Leaves.leaf(file, i, length, each.get(i), tags[i]));
        }
        return new Setup(each, List.of(tags), tree(before.tree(), leaves, tags.length));
    }

    /** A tree with some leaves replaced, grown or cut to so many. */
    private static MerkleTree tree(MerkleTree before, SortedMap<Integer, byte[]> leaves, int count) {
        if (count >= before.leaves()) {
            return leaves.isEmpty() ? before : before.with(leaves);
        }
        byte[] kept = new byte[count * Leaves.HASH_BYTES];
        for (int i = 0; i < count; i++) {
            byte[] leaf = leaves.containsKey(i) ? leaves.get(i) : before.leaf(i);
            System.arraycopy(leaf, 0, kept, i * Leaves.HASH_BYTES, Leaves.HASH_BYTES);
        }
        return MerkleTree.of(kept);
    }

    private static List<byte[]> split(byte[] hashes) {
        return IntStream.range(0, hashes.length / Leaves.HASH_BYTES)
                .mapToObj(i -> Arrays.copyOfRange(hashes, i * Leaves.HASH_BYTES, (i + 1) * Leaves.HASH_BYTES))
                .toList();
    }

    private void makeTags(
            IntStream which, List<byte[]> hashes, byte[][] tags, BlockSource blocks, FileKey fileKey, OwnerKey owner)
            throws IOException {
        try {
            which.parallel().forEach(i -> {
                byte[] hash = hashes.get(i);
                tags[i] =
                        tag(hash, fileKey.mask(i, hash), read(blocks, i), owner).compressed();
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Pairing.G1 tag(byte[] hash, BigInteger mask, byte[] block, OwnerKey owner) {
        List<BigInteger> scalars = new ArrayList<>(sectors.count() + 1);
        scalars.add(mask);
        scalars.addAll(Arrays.asList(sectors.numbers(block)));
        var sum = pairing.add(blockPoint(hash), sectors.bases().combine(scalars));
        return pairing.multiply(sum, owner.alpha());
    }

    /**
     * Answers a challenge.
     *
     * @param random draws the masks of the answer: it must be fresh and secret, or answers give the data away
     */
    public Proof prove(
            Anchor anchor,
            Challenge challenge,
            Pairing.G2 publicKey,
            BlockSource blocks,
            FileKey fileKey,
            Setup setup,
            SecureRandom random)
            throws IOException {
        var indexes = challenge.indexes(setup.tree().leaves());
        int width = sectors.count() + 1;
        BigInteger[] mu = new BigInteger[width];
        Arrays.fill(mu, BigInteger.ZERO);
        List<Shown> shown = new ArrayList<>();
        for (int index : indexes) {
            BigInteger nu = challenge.draw().weight(shown.size());
            mu[0] = mu[0].add(nu.multiply(fileKey.mask(index, setup.hashes().get(index))));
            BigInteger[] numbers = sectors.numbers(blocks.block(index));
            for (int j = 1; j < width; j++) {
                mu[j] = mu[j].add(nu.multiply(numbers[j - 1]));
            }
            shown.add(new Shown(setup.hashes().get(index), setup.tags().get(index)));
        }
        List<BigInteger> masks = new ArrayList<>();
        for (int j = 0; j < width; j++) {
            masks.add(new BigInteger(512, random).mod(Pairing.ORDER));
        }
        var hidden = sectors.bases().combine(masks);
        BigInteger gamma = gamma(anchor, challenge, publicKey, tagSum(challenge, points(shown)), hidden);
        List<BigInteger> z = new ArrayList<>();
        for (int j = 0; j < width; j++) {
            z.add(masks.get(j).add(gamma.multiply(mu[j])).mod(Pairing.ORDER));
        }
        return new Proof(shown, setup.tree().prove(indexes), hidden.compressed(), z);
    }

    /** Checks an answer against the anchor and the owner's key, both from the ledger. */
    public Verdict verify(Anchor anchor, Challenge challenge, Pairing.G2 publicKey, Proof proof) {
        Verdict shape = verifyShape(anchor, challenge, proof);
        if (!shape.accepted()) {
            return shape;
        }
        try {
            Terms terms = terms(anchor, challenge, publicKey, proof);
            var right = pairing.add(terms.rest(), sectors.bases().combine(proof.z()));
            return pairing.equal(terms.tags(), pairing.g2Generator(), right, publicKey)
                    ? Verdict.ACCEPTED
                    : NOT_THE_DATA;
        } catch (InvalidPointException e) {
            return Verdict.rejected(e.getMessage());
        }
    }

    /** All that needs no pairing: numbers, scalars and paths. */
    private Verdict verifyShape(Anchor anchor, Challenge challenge, Proof proof) {
        var indexes = challenge.indexes(anchor.leaves());
        if (Sectors.count(anchor.blockSize()) != sectors.count()) {
            return Verdict.rejected("the anchor's block size is not this audit's");
        }
        if (proof.shown().size() != indexes.size() || proof.z().size() != sectors.count() + 1) {
            return Verdict.rejected("the proof has another shape than the challenge");
        }
        if (proof.z().stream().anyMatch(z -> z.signum() < 0 || z.compareTo(Pairing.ORDER) >= 0)) {
            return Verdict.rejected("a scalar is not below the group's order");
        }
        return MerkleTree.verify(anchor.root(), anchor.leaves(), leaves(anchor, indexes, proof), proof.paths());
    }

    private static SortedMap<Integer, byte[]> leaves(Anchor anchor, Iterable<Integer> indexes, Proof proof) {
        SortedMap<Integer, byte[]> leaves = new TreeMap<>();
        int at = 0;
        for (int index : indexes) {
            Shown shown = proof.shown().get(at++);
            leaves.put(index, Leaves.leaf(anchor.file(), index, anchor.lengthOf(index), shown.hash(), shown.tag()));
        }
        return leaves;
    }

    /**
     * The equation's terms, e(S^gamma, g2) = e((prod P^nu)^gamma T^-1 prod u_j^z_j, v): S^gamma, and the right side without the last product.
     *
     * @throws InvalidPointException when a tag or T is no point of the group
     */
    private Terms terms(Anchor anchor, Challenge challenge, Pairing.G2 publicKey, Proof proof)
            throws InvalidPointException {
        List<Pairing.G1> tags = new ArrayList<>();
        for (Shown shown : proof.shown()) {
            tags.add(pairing.g1(shown.tag()));
        }
        var hidden = pairing.g1(proof.hidden());
        var sum = tagSum(challenge, tags);
        BigInteger gamma = gamma(anchor, challenge, publicKey, sum, hidden);
        List<Pairing.G1> blockPoints = new ArrayList<>();
        proof.shown().forEach(shown -> blockPoints.add(blockPoint(shown.hash())));
        var blocks = pairing.multiply(pairing.bases(blockPoints).combine(weights(challenge, tags.size())), gamma);
        var minusHidden = pairing.multiply(hidden, Pairing.ORDER.subtract(BigInteger.ONE));
        return new Terms(pairing.multiply(sum, gamma), pairing.add(blocks, minusHidden));
    }

    private record Terms(Pairing.G1 tags, Pairing.G1 rest) {}

    /** P of a block. */
    Pairing.G1 blockPoint(byte[] hash) {
        return pairing.hashToG1(hash, BLOCK_DST);
    }

    Pairing pairing() {
        return pairing;
    }

    Sectors sectors() {
        return sectors;
    }

    private Pairing.G1 tagSum(Challenge challenge, List<Pairing.G1> tags) {
        return pairing.bases(tags).combine(weights(challenge, tags.size()));
    }

    private List<Pairing.G1> points(List<Shown> shown) {
        return shown.stream().map(Shown::tag).map(this::ownPoint).toList();
    }

    private Pairing.G1 ownPoint(byte[] tag) {
        try {
            return pairing.g1(tag);
        } catch (InvalidPointException e) {
            throw new IllegalStateException("a tag of our own set-up is damaged", e);
        }
    }

    private static List<BigInteger> weights(Challenge challenge, int count) {
        var draw = challenge.draw();
        return IntStream.range(0, count).mapToObj(draw::weight).toList();
    }

    private static BigInteger gamma(
            Anchor anchor, Challenge challenge, Pairing.G2 publicKey, Pairing.G1 sum, Pairing.G1 hidden) {
        byte[] hash = Sha256.of(
                FIAT_SHAMIR,
                challenge.seed(),
                anchor.digest(),
                publicKey.compressed(),
                sum.compressed(),
                hidden.compressed());
        return new BigInteger(1, Arrays.copyOf(hash, GAMMA_BYTES)).max(BigInteger.ONE);
    }

    private static byte[] read(BlockSource blocks, int index) {
        try {
            return blocks.block(index);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What a prover keeps.
     *
     * @param hashes salted hash of each block
     * @param tags compressed tag of each block
     */
    public record Setup(List<byte[]> hashes, List<byte[]> tags, MerkleTree tree) {
        public Setup {
            hashes = Collections.unmodifiableList(hashes); // no copies: a prover gives views of what it keeps
            tags = Collections.unmodifiableList(tags);
        }

        public Anchor anchor(byte[] file, int version, BlockSource blocks) {
            return MerkleAudit.anchor(file, version, blocks, tree);
        }
    }

    /** What is shown of a challenged block: its salted hash and its tag. */
    public record Shown(byte[] hash, byte[] tag) {}

    /**
     * The answer to a challenge.
     *
     * @param shown in order of the index
     * @param hidden the compressed point T of the masks
     * @param z the masked sums, u_0's first
     */
    public record Proof(List<Shown> shown, MultiProof paths, byte[] hidden, List<BigInteger> z) {
        public Proof {
            shown = List.copyOf(shown);
            z = List.copyOf(z);
        }

        /** The bytes that travel. */
        public byte[] encoded() {
            var out = new Wire.Writer(Wire.SECTORED).count(shown.size());
            shown.forEach(block -> out.fixed(block.hash()).fixed(block.tag()));
            out.fixed(hidden).count(z.size());
            z.forEach(scalar -> out.fixed(Wire.scalar(scalar)));
            return out.rest(paths.encoded()).bytes();
        }

        /**
         * Reads what {@link #encoded} wrote.
         *
         * @throws MalformedProofException when the bytes are no such proof
         */
        public static Proof decode(byte[] bytes, Anchor anchor, Challenge challenge) throws MalformedProofException {
            var in = new Wire.Reader(bytes, Wire.SECTORED);
            int count = in.count(Math.min(challenge.count(), anchor.leaves()));
            List<Shown> shown = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                shown.add(new Shown(in.fixed(Leaves.HASH_BYTES), in.fixed(Pairing.G1_BYTES)));
            }
            byte[] hidden = in.fixed(Pairing.G1_BYTES);
            int width = in.count(Sectors.count(anchor.blockSize()) + 1);
            List<BigInteger> z = new ArrayList<>();
            for (int j = 0; j < width; j++) {
                z.add(new BigInteger(1, in.fixed(Wire.SCALAR_BYTES)));
            }
            return new Proof(shown, in.paths(), hidden, z);
        }
    }
}
