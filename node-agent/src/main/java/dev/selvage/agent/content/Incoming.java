package dev.selvage.agent.content;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Content on its way in. Closing it without {@link #complete} leaves nothing behind. For one thread at a time. */
public interface Incoming extends AutoCloseable {
    /** How many bytes have come: where to go on after a cut. */
    long offset();

    /**
     * Appends bytes.
     *
     * @throws dev.selvage.model.SelvageException DIGEST_MISMATCH when more comes than the size announced; STORAGE_FULL
     */
    void append(ByteBuffer bytes);

    /** Forgets what has come, to begin again with another holder. */
    void restart();

    /**
     * Checks the whole and makes it durable and visible.
     *
     * @param salt as the holder gave it; needed for a salted digest
     * @throws dev.selvage.model.SelvageException DIGEST_MISMATCH when the bytes are not those of the digest; then nothing is kept
     */
    Stored complete(Optional<Salt> salt, Hold hold);

    @Override
    void close();
}
