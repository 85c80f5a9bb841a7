package dev.selvage.cli.internal.bench.integrity;

import static dev.selvage.cli.internal.bench.integrity.Section.megabytes;
import static dev.selvage.cli.internal.bench.integrity.Section.millis;
import static dev.selvage.cli.internal.bench.integrity.Section.percent;

import dev.selvage.integrity.audit.BlockSource;
import dev.selvage.integrity.audit.Challenge;
import dev.selvage.integrity.audit.FileKey;
import dev.selvage.integrity.audit.LeafPaths;
import dev.selvage.integrity.audit.MalformedProofException;
import dev.selvage.integrity.audit.MerkleAudit;
import dev.selvage.integrity.audit.OwnerKey;
import dev.selvage.integrity.audit.PaperAudit;
import dev.selvage.integrity.audit.SampleSize;
import dev.selvage.integrity.audit.SectoredAudit;
import dev.selvage.integrity.hash.CpuHasher;
import dev.selvage.integrity.hash.FileTree;
import dev.selvage.integrity.hash.HashForm;
import dev.selvage.integrity.hash.HashLayout;
import dev.selvage.integrity.hash.Hasher;
import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.MerkleTree;
import dev.selvage.proofs.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

/** The three modes: set-up, proof and verification; how often damage is found; and a file of a hundred gigabytes. */
final class AuditMeasures {
    private static final int SECTORED_BLOCK = 31 * 1024;
    private static final int CHALLENGES = 460;
    private static final byte[] NAME = new byte[32];
    private static final byte[] NO_TAGS = {};

    private final FileKey key = new FileKey(new byte[32]);
    private final HashLayout layout;

    AuditMeasures(HashLayout layout) {
        this.layout = layout;
    }

    Section modes(List<Long> sizes) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (long size : sizes) {
            rows.add(paper(size));
            rows.add(merkle(size));
            rows.add(sectored(size));
        }
        return new Section(
                "the modes, blocks of 31 KiB (1,024 sectors)",
                List.of(
                        "MODE",
                        "FILE MIB",
                        "BLOCKS",
                        "CHALLENGED",
                        "SET-UP MB/S",
                        "PROVE MS",
                        "VERIFY MS",
                        "PROOF BYTES"),
                rows,
                "Proofs travel as bytes; verification reads them back.");
    }

    private static Challenge challenge(int seed, int count) {
        return new Challenge(ByteBuffer.allocate(32).putInt(seed).array(), count);
    }

    /** Makes a proof that travels. */
    private interface Proving {
        byte[] proof() throws IOException;
    }

    /** Reads one back and judges it. */
    private interface Judging {
        Verdict verdict(byte[] proof) throws IOException, MalformedProofException;
    }

    private List<String> paper(long size) throws IOException {
        var blocks = new MadeUpFile(size).blocks(SECTORED_BLOCK);
        var pairing = Pairing.fastest();
        var audit = new PaperAudit(pairing);
        long start = System.nanoTime();
        var setup = audit.setUp(blocks, new OwnerKey(BigInteger.valueOf(123_456_789)));
        long made = System.nanoTime() - start;
        var weights = PaperAudit.weights(challenge(1, CHALLENGES), blocks.blocks());
        return row(
                "paper",
                blocks,
                made,
                () -> audit.prove(setup, blocks, weights).encoded(),
                proof -> audit.verify(
                        setup.published(), weights, PaperAudit.Proof.decode(proof, blocks.blocks(), pairing)));
    }

    private List<String> merkle(long size) throws IOException {
        var file = new MadeUpFile(size);
        var blocks = file.blocks(SECTORED_BLOCK);
        long start = System.nanoTime();
        byte[] leaves = new CpuHasher()
                .hash(file, layout.withBlockSize(SECTORED_BLOCK), HashForm.nodes(key, NAME, 0), Hasher.Progress.NONE);
        var tree = MerkleTree.of(leaves);
        var anchor = MerkleAudit.anchor(NAME, 1, blocks, tree);
        long made = System.nanoTime() - start;
        var challenge = challenge(1, CHALLENGES);
        return row(
                "merkle",
                blocks,
                made,
                () -> merkleProof(challenge, blocks, LeafPaths.of(tree)),
                proof -> merkleVerdict(anchor, challenge, proof));
    }

    private List<String> sectored(long size) throws IOException {
        var blocks = new MadeUpFile(size).blocks(SECTORED_BLOCK);
        var pairing = Pairing.fastest();
        var audit = new SectoredAudit(pairing, SECTORED_BLOCK);
        var owner = new OwnerKey(BigInteger.valueOf(987_654_321));
        var publicKey = owner.publicKey(pairing);
        long start = System.nanoTime();
        var setup = audit.setUp(NAME, blocks, key, owner);
        long made = System.nanoTime() - start;
        var anchor = setup.anchor(NAME, 1, blocks);
        var challenge = challenge(1, CHALLENGES);
        return row(
                "sectored",
                blocks,
                made,
                () -> audit.prove(anchor, challenge, publicKey, blocks, key, setup, new SecureRandom())
                        .encoded(),
                proof -> audit.verify(
                        anchor, challenge, publicKey, SectoredAudit.Proof.decode(proof, anchor, challenge)));
    }

    private byte[] merkleProof(Challenge challenge, BlockSource blocks, LeafPaths tree) throws IOException {
        var out = new ByteArrayOutputStream();
        MerkleAudit.prove(challenge, blocks, key, tree, NO_TAGS, out);
        return out.toByteArray();
    }

    private static Verdict merkleVerdict(Anchor anchor, Challenge challenge, byte[] proof)
            throws IOException, MalformedProofException {
        return MerkleAudit.verify(anchor, challenge, new ByteArrayInputStream(proof))
                .verdict();
    }

    /** Times one proof and its verification. */
    private record Timed(long prove, long verify, long bytes) {
        static Timed of(String what, Proving proving, Judging judging) throws IOException {
            long start = System.nanoTime();
            byte[] proof = proving.proof();
            long proven = System.nanoTime();
            try {
                var verdict = judging.verdict(proof);
                if (!verdict.accepted()) {
                    throw new IllegalStateException(what + " rejects its own proof: " + verdict.reason());
                }
            } catch (MalformedProofException e) {
                throw new IllegalStateException(what + " cannot read its own proof", e);
            }
            return new Timed(proven - start, System.nanoTime() - proven, proof.length);
        }
    }

    private static List<String> row(String mode, BlockSource blocks, long setUp, Proving proving, Judging judging)
            throws IOException {
        var timed = Timed.of(mode, proving, judging);
        return List.of(
                mode,
                Long.toString(blocks.length() >> 20),
                Integer.toString(blocks.blocks()),
                Integer.toString(Math.min(CHALLENGES, blocks.blocks())),
                megabytes(blocks.length() / (setUp / 1e9)),
                millis(timed.prove()),
                millis(timed.verify()),
                Long.toString(timed.bytes()));
    }

    /** Real proofs over really damaged bytes: a thousand blocks, a trial damages some at random and draws its own challenge. */
    Section detection(int trials) throws IOException {
        int count = 1000;
        int size = 64;
        byte[] content = new byte[count * size];
        new Random(3).nextBytes(content);
        var intact = new Bytes(content, size);
        var whole = MerkleTree.of(MerkleAudit.leaves(NAME, intact, key));
        var anchor = MerkleAudit.anchor(NAME, 1, intact, whole);
        var tree = LeafPaths.of(whole);
        List<List<String>> rows = new ArrayList<>();
        for (int[] setting : new int[][] {{5, 100}, {10, 100}, {10, 299}, {20, 50}, {50, 50}}) {
            var random = new Random(setting[0] * 1000L + setting[1]);
            int found = 0;
            for (int trial = 0; trial < trials; trial++) {
                SortedSet<Integer> hit = new TreeSet<>();
                while (hit.size() < setting[0]) {
                    hit.add(random.nextInt(count));
                }
                byte[] damaged = content.clone();
                hit.forEach(index -> damaged[index * size + random.nextInt(size)] ^= (byte) (1 << random.nextInt(8)));
                byte[] seed = new byte[32];
                random.nextBytes(seed);
                var challenge = new Challenge(seed, setting[1]);
                if (!accepted(anchor, challenge, merkleProof(challenge, new Bytes(damaged, size), tree))) {
                    found++;
                }
            }
            double distinct = 1;
            for (int i = 0; i < setting[1]; i++) {
                distinct *= (double) (count - setting[0] - i) / (count - i);
            }
            rows.add(List.of(
                    percent(setting[0] / (double) count),
                    Integer.toString(setting[1]),
                    Integer.toString(trials),
                    percent(found / (double) trials),
                    percent(SampleSize.detection(setting[1], setting[0] / (double) count)),
                    percent(1 - distinct)));
        }
        return new Section(
                "detection, real proofs of 1,000 blocks",
                List.of("DAMAGED %", "CHALLENGED", "TRIALS", "FOUND %", "1-(1-F)^C %", "DISTINCT %"),
                rows,
                "The formula draws with replacement; challenged blocks are distinct, so a little more is found (last"
                        + " column, exact).");
    }

    private static boolean accepted(Anchor anchor, Challenge challenge, byte[] proof) throws IOException {
        try {
            return merkleVerdict(anchor, challenge, proof).accepted();
        } catch (MalformedProofException e) {
            throw new IllegalStateException("an honest prover's proof cannot be read", e);
        }
    }

    /** Verification of a file that is nowhere: hashed while it is made up. */
    Section large(long size, List<Integer> blockSizes) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (int blockSize : blockSizes) {
            var file = new MadeUpFile(size);
            var blocks = file.blocks(blockSize);
            long start = System.nanoTime();
            var tree = FileTree.build(
                    new CpuHasher(), file, layout.withBlockSize(blockSize), key, NAME, Hasher.Progress.NONE);
            long made = System.nanoTime();
            var anchor = tree.anchor(1);
            var challenge = challenge(2, CHALLENGES);
            var timed = Timed.of(
                    "a large file",
                    () -> merkleProof(challenge, blocks, tree),
                    proof -> merkleVerdict(anchor, challenge, proof));
            rows.add(List.of(
                    Integer.toString(blockSize),
                    Integer.toString(anchor.leaves()),
                    millis(made - start),
                    megabytes(size / ((made - start) / 1e9)),
                    millis(timed.prove()),
                    millis(timed.verify()),
                    Long.toString(timed.bytes())));
        }
        return new Section(
                CHALLENGES + " blocks of a file of " + size + " bytes, mode merkle",
                List.of("BLOCK", "BLOCKS", "SET-UP MS", "MB/S", "PROVE MS", "VERIFY MS", "PROOF BYTES"),
                rows,
                "Making the bytes up is part of the set-up's time. Nothing of the file is stored.");
    }

    /** Bytes in memory as blocks. */
    private record Bytes(byte[] content, int blockSize) implements BlockSource {
        @Override
        public long length() {
            return content.length;
        }

        @Override
        public byte[] block(int index) {
            int from = index * blockSize;
            return Arrays.copyOfRange(content, from, Math.min(content.length, from + blockSize));
        }
    }
}
