package dev.selvage.integrity.audit;

/** Bytes that are no proof of the form they claim. */
public final class MalformedProofException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedProofException(String message) {
        super(message);
    }
}
