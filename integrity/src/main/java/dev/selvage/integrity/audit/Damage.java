package dev.selvage.integrity.audit;

import dev.selvage.integrity.pairing.InvalidPointException;
import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.proofs.Anchor;
import dev.selvage.proofs.Verdict;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.SortedSet;
import java.util.TreeSet;

/** The challenged blocks that a prover itself finds damaged: a help for finding them, never evidence. */
final class Damage {
    private final SortedSet<Integer> blocks = new TreeSet<>();

    void add(int block) {
        blocks.add(block);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(blocks.size());
        for (int block : blocks) {
            out.writeInt(block);
        }
    }

    /** Reads what {@link #write} wrote: challenged blocks only, in order. */
    static Damage read(InputStream from, SortedSet<Integer> challenged) throws IOException, MalformedProofException {
        var in = new DataInputStream(from);
        var named = new Damage();
        try {
            int count = in.readInt();
            if (count < 0 || count > challenged.size()) {
                throw new MalformedProofException(count + " damaged blocks of " + challenged.size());
            }
            for (int i = 0; i < count; i++) {
                int block = in.readInt();
                if (!challenged.contains(block)) {
                    throw new MalformedProofException("block " + block + " was not challenged");
                }
                named.add(block);
            }
            return named;
        } catch (EOFException e) {
            throw new MalformedProofException("the proof ends too early");
        }
    }

    /** The verdict counts; the prover's words only add which blocks it is about. */
    Finding finding(Verdict verdict, int challenged) {
        if (verdict.accepted()) {
            return Finding.accepted();
        }
        if (blocks.isEmpty()) {
            return Finding.rejected(verdict.reason() + "; the prover itself finds no challenged block damaged");
        }
        return new Finding(
                Verdict.rejected(verdict.reason() + "; the prover itself finds " + blocks.size() + " of " + challenged
                        + " challenged blocks damaged: " + Finding.named(blocks)),
                blocks);
    }

    /** A file of which every block can be read: what cannot be is zeros. */
    static BlockSource readable(Anchor anchor, BlockSource blocks) {
        return new BlockSource() {
            @Override
            public long length() {
                return anchor.length();
            }

            @Override
            public int blockSize() {
                return anchor.blockSize();
            }

            @Override
            public byte[] block(int index) {
                try {
                    return blocks.block(index);
                } catch (IOException unreadable) {
                    return new byte[anchor.lengthOf(index)];
                }
            }
        };
    }

    /** A key that the contract has checked when it was registered. */
    static Pairing.G2 key(Pairing pairing, byte[] compressed) {
        try {
            return pairing.g2(compressed);
        } catch (InvalidPointException e) {
            throw new IllegalArgumentException("the owner's key on the ledger is no point of the group", e);
        }
    }
}
