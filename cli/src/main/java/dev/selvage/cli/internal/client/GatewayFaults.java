package dev.selvage.cli.internal.client;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import io.grpc.Status;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.stream.Collectors;
import org.hyperledger.fabric.client.CommitException;
import org.hyperledger.fabric.client.CommitStatusException;
import org.hyperledger.fabric.client.GatewayException;

/** What a failed call of the gateway means. */
final class GatewayFaults {
    private final String place;

    /** @param place where the ledger is, for a person: {@code 127.0.0.1:7051 (profile "local")} */
    GatewayFaults(String place) {
        this.place = place;
    }

    SelvageException unreachable(Throwable cause) {
        return new SelvageException(ErrorCode.LEDGER_UNREACHABLE, "No ledger answers at " + place + ".", cause);
    }

    SelvageException of(GatewayException e) {
        var details = e.getDetails().stream().map(detail -> detail.getMessage()).collect(Collectors.joining("; "));
        var ours = SelvageException.fromWire(details)
                .or(() -> SelvageException.fromWire(e.getStatus().getDescription()));
        if (ours.isPresent()) {
            return ours.get();
        }
        var words = details.isEmpty() ? describe(e.getStatus()) : details;
        var told = byWords(words, e);
        if (told.isPresent()) {
            return told.get();
        }
        if (e instanceof CommitStatusException) {
            return new SelvageException(
                    ErrorCode.COMMIT_UNKNOWN, "The ledger did not say whether the transaction committed: " + words, e);
        }
        return switch (e.getStatus().getCode()) {
            case UNAVAILABLE ->
                secureLinkRefused(e)
                        .map(cause -> new SelvageException(
                                ErrorCode.IDENTITY_INVALID,
                                "The ledger at " + place + " is not known to the profile's tlsRoot: " + cause + ".",
                                e))
                        .orElseGet(() -> details.isEmpty() ? unreachable(e) : endorsement(words, e));
            case DEADLINE_EXCEEDED ->
                new SelvageException(
                        ErrorCode.LEDGER_UNREACHABLE, "The ledger at " + place + " did not answer in time.", e);
            case PERMISSION_DENIED, UNAUTHENTICATED ->
                new SelvageException(
                        ErrorCode.IDENTITY_INVALID, "The ledger at " + place + " refused the identity: " + words, e);
            case NOT_FOUND -> new SelvageException(ErrorCode.CHANNEL_UNKNOWN, words, e);
            case RESOURCE_EXHAUSTED -> new SelvageException(ErrorCode.TOO_MANY_REQUESTS, words, e);
            case ABORTED, FAILED_PRECONDITION -> endorsement(words, e);
            default -> new SelvageException(ErrorCode.LEDGER_REFUSED, words, e);
        };
    }

    SelvageException of(CommitException e) {
        return new SelvageException(
                ErrorCode.COMMIT_FAILED,
                "Transaction " + e.getTransactionId() + " is invalid: " + e.getCode() + ".",
                e);
    }

    /** What Fabric says by words alone, under status codes that it uses for other faults too. */
    private Optional<SelvageException> byWords(String words, GatewayException e) {
        if (words.contains("access denied: channel") || words.contains("creator is malformed")) {
            return Optional.of(new SelvageException(
                    ErrorCode.IDENTITY_INVALID, "The ledger at " + place + " refused the identity: " + words, e));
        }
        if (words.contains("for channel") && words.contains("failed to create connections")) {
            return Optional.of(new SelvageException(
                    ErrorCode.CHANNEL_UNKNOWN, "The ledger at " + place + " does not know the channel: " + words, e));
        }
        if (words.startsWith("no peers available to evaluate chaincode")) {
            return Optional.of(
                    new SelvageException(ErrorCode.CHAINCODE_UNKNOWN, "The ledger at " + place + " says: " + words, e));
        }
        return Optional.empty();
    }

    private static SelvageException endorsement(String words, GatewayException e) {
        return new SelvageException(ErrorCode.ENDORSEMENT_FAILED, "The transaction was not endorsed: " + words, e);
    }

    private static String describe(Status status) {
        return status.getDescription() == null ? status.getCode().toString() : status.getDescription();
    }

    private static Optional<String> secureLinkRefused(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException || cause instanceof javax.net.ssl.SSLException) {
                return Optional.of(String.valueOf(cause.getMessage()));
            }
        }
        return Optional.empty();
    }
}
