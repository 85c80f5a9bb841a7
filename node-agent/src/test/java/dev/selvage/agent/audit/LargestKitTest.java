package dev.selvage.agent.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.integrity.audit.BlockSource;
import dev.selvage.integrity.audit.Challenge;
import dev.selvage.integrity.audit.OwnerKey;
import dev.selvage.integrity.audit.SectoredStream;
import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.model.Digest;
import dev.selvage.model.integrity.AnchorLimits;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.DataName;
import dev.selvage.proofs.Leaves;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

/** What a prover has in memory when the version is as large as one may be. */
class LargestKitTest {
    /** Nodes run with 192 MB, of which the rest of a node needs less than half of what is left here. */
    private static final String HEAP = "-Xmx128m";

    private static final int BLOCK = 4096;
    private static final int CHALLENGED = 460;

    @Test
    void a_prover_of_the_largest_sectored_version_stays_within_a_nodes_heap() throws Exception {
        var child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargestKitTest.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(said).isZero();
    }

    /** Proves with tags that are points, though not those of the data: what is in memory is the same. */
    public static void main(String[] none) throws IOException {
        int leaves = AnchorLimits.LEAVES;
        var pairing = Pairing.fastest();
        var owner = new OwnerKey(BigInteger.TEN);
        byte[] tags = new byte[leaves * Pairing.G1_BYTES];
        byte[] tag = pairing.hashToG1(new byte[1], "any").compressed();
        for (int at = 0; at < tags.length; at += tag.length) {
            System.arraycopy(tag, 0, tags, at, tag.length);
        }
        var kit = new Kit(
                "large",
                new DataName("JfkMSP", "large"),
                AuditMode.SECTORED,
                1,
                leaves,
                (long) leaves * BLOCK,
                BLOCK,
                Digest.fromHash(new byte[Leaves.HASH_BYTES]),
                null,
                null);
        var stored = new AnchorStore.Stored(kit, new byte[32], new byte[leaves * Leaves.HASH_BYTES], tags);
        var proof = new ByteArrayOutputStream();
        new SectoredStream(pairing, BLOCK)
                .prove(
                        kit.anchor(),
                        new Challenge(new byte[32], CHALLENGED),
                        owner.publicKey(pairing).compressed(),
                        zeros(kit.length()),
                        stored.key(),
                        Anchors.setup(stored),
                        new SecureRandom(),
                        proof);
        if (proof.size() == 0) {
            throw new IllegalStateException("nothing was proven");
        }
    }

    private static BlockSource zeros(long length) {
        return new BlockSource() {
            @Override
            public long length() {
                return length;
            }

            @Override
            public int blockSize() {
                return BLOCK;
            }

            @Override
            public byte[] block(int index) {
                return new byte[BLOCK];
            }
        };
    }
}
