package dev.selvage.integrity.pairing;

/** Bytes that are no point of the group they claim. */
public final class InvalidPointException extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidPointException(String message) {
        super(message);
    }
}
