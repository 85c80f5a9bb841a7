package dev.selvage.agent.peer;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** Faults on the wire: the description is the fault's wire form, the status what gRPC's own tools expect. */
public final class PeerStatus {
    private PeerStatus() {}

    public static StatusRuntimeException of(SelvageException fault) {
        return status(fault.code()).withDescription(fault.toWire()).asRuntimeException();
    }

    private static Status status(ErrorCode code) {
        return switch (code) {
            case REQUEST_INVALID -> Status.INVALID_ARGUMENT;
            case IDENTITY_INVALID, REQUEST_STALE -> Status.UNAUTHENTICATED;
            case NOT_ENTITLED, NODE_REVOKED, GRANT_MISSING, OPENING_LIMIT, NOT_PERMITTED -> Status.PERMISSION_DENIED;
            case CONTENT_UNKNOWN -> Status.NOT_FOUND;
            case TOO_MANY_REQUESTS -> Status.RESOURCE_EXHAUSTED;
            case DIGEST_MISMATCH -> Status.DATA_LOSS;
            default -> Status.INTERNAL;
        };
    }

    /** What a call's failure means; a fault without our words is the link's. */
    public static SelvageException fault(String peer, StatusRuntimeException e) {
        var ours = SelvageException.fromWire(e.getStatus().getDescription());
        if (ours.isPresent()) {
            return ours.get();
        }
        return new SelvageException(
                ErrorCode.PEER_UNREACHABLE,
                peer + " does not answer (" + e.getStatus().getCode() + ": " + cut(words(e)) + ").",
                e);
    }

    /** The words nearest to the cause: gRPC's own say only "io exception" where TLS or the network failed. */
    private static String words(StatusRuntimeException e) {
        String words = e.getStatus().getDescription();
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            words = cause.getMessage() == null ? words : cause.getMessage();
        }
        return words == null ? "no words" : words;
    }

    private static String cut(String text) {
        String printable = text.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() > 200 ? printable.substring(0, 200) + "..." : printable;
    }
}
