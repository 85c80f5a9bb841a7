package dev.selvage.agent.content;

import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Content on its way into a {@link FileContentStore}. */
final class Reception implements Incoming {
    private final FileContentStore store;
    private final Draft draft;
    private final Digest expected;
    private final boolean salted;
    private final long size;

    Reception(FileContentStore store, Draft draft, Digest expected, boolean salted, long size) {
        this.store = store;
        this.draft = draft;
        this.expected = expected;
        this.salted = salted;
        this.size = size;
    }

    @Override
    public long offset() {
        return draft.size();
    }

    @Override
    public void append(ByteBuffer bytes) {
        if (draft.size() + bytes.remaining() > size) {
            throw mismatch("is longer than the " + size + " bytes that the ledger names");
        }
        draft.append(bytes);
    }

    @Override
    public void restart() {
        draft.restart();
    }

    @Override
    public Stored complete(Optional<Salt> salt, Hold hold) {
        if (draft.size() != size) {
            throw mismatch("has " + draft.size() + " bytes, not the " + size + " that the ledger names");
        }
        if (salt.isPresent() != salted) {
            throw mismatch(salted ? "came without its salt" : "came with a salt that the ledger does not know");
        }
        Stored stored = new Stored(draft.digest(), size, salt);
        if (!stored.ledgerDigest().equals(expected)) {
            throw mismatch("has another digest");
        }
        return store.publish(draft, stored, hold);
    }

    private SelvageException mismatch(String what) {
        return new SelvageException(
                ErrorCode.DIGEST_MISMATCH, "What came as " + expected.shortForm() + "... " + what + ".");
    }

    @Override
    public void close() {
        draft.close();
    }
}
