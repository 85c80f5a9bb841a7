package dev.selvage.integrity.audit;

import java.io.IOException;
import java.io.InputStream;

/** Reading what another party sends. */
public final class ProofInput {
    private ProofInput() {}

    /**
     * So many bytes.
     *
     * @throws MalformedProofException when the stream ends before
     */
    public static byte[] exactly(InputStream from, int count) throws IOException, MalformedProofException {
        byte[] bytes = from.readNBytes(count);
        if (bytes.length < count) {
            throw new MalformedProofException("the proof ends too early");
        }
        return bytes;
    }
}
