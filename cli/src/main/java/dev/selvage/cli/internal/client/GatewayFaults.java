package dev.selvage.cli.internal.client;

import dev.selvage.agent.ledger.FaultWords;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import io.grpc.Status;
import java.util.stream.Collectors;
import org.hyperledger.fabric.client.CommitStatusException;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/** What a failed call of the gateway means. The codes are those that the agent takes from the same words ({@link FaultWords}). */
public final class GatewayFaults {
    private static final int LONGEST = 600;

    private final String place;
    private final String channel;
    private final String chaincode;

    /** @param place where the ledger is, for a person: {@code 127.0.0.1:7051 (profile "local")} */
    public GatewayFaults(String place, String channel, String chaincode) {
        this.place = place;
        this.channel = channel;
        this.chaincode = chaincode;
    }

    SelvageException unreachable(Throwable cause) {
        return link(cause);
    }

    /** What a failed call of any step means. */
    public SelvageException of(GatewayException e) {
        var details = e.getDetails().stream()
                .map(detail -> detail.getMessage())
                .distinct()
                .collect(Collectors.joining("; "));
        var ours = SelvageException.fromWire(details)
                .or(() -> SelvageException.fromWire(e.getStatus().getDescription()));
        if (ours.isPresent()) {
            return ours.get();
        }
        var words = cut(details.isEmpty() ? describe(e.getStatus()) : details);
        if (e instanceof CommitStatusException) {
            return new SelvageException(
                    ErrorCode.COMMIT_UNKNOWN, "The ledger did not say whether the transaction committed: " + words, e);
        }
        return of(e.getStatus(), details, words, e);
    }

    /** What a failed stream of events or blocks means. */
    public SelvageException of(GatewayRuntimeException e) {
        return of(e.getStatus(), "", cut(describe(e.getStatus())), e);
    }

    private SelvageException of(Status status, String details, String words, Exception e) {
        var told = FaultWords.of(describe(status) + " " + details);
        if (told.isPresent()) {
            return told(told.get(), words, e);
        }
        return switch (status.getCode()) {
            case UNAVAILABLE -> details.isEmpty() ? unavailable(status, words, e) : endorsement(words, e);
            case DEADLINE_EXCEEDED ->
                new SelvageException(
                        ErrorCode.LEDGER_UNREACHABLE, "The ledger at " + place + " did not answer in time.", e);
            case PERMISSION_DENIED, UNAUTHENTICATED ->
                new SelvageException(
                        ErrorCode.IDENTITY_INVALID, "The ledger at " + place + " refused the identity: " + words, e);
            case NOT_FOUND -> told(ErrorCode.CHANNEL_UNKNOWN, words, e);
            case RESOURCE_EXHAUSTED -> new SelvageException(ErrorCode.TOO_MANY_REQUESTS, words, e);
            case ABORTED, FAILED_PRECONDITION -> endorsement(words, e);
            default -> new SelvageException(ErrorCode.LEDGER_REFUSED, words, e);
        };
    }

    private SelvageException told(ErrorCode code, String words, Exception e) {
        String sentence = switch (code) {
            case CHANNEL_UNKNOWN -> "The ledger at " + place + " has no channel \"" + channel + "\": " + words;
            case CHAINCODE_UNKNOWN ->
                "No chaincode \"" + chaincode + "\" is committed on the channel \"" + channel + "\": " + words;
            case CHAINCODE_UNREACHABLE -> "The ledger's peer does not reach the process of the chaincode: " + words;
            case MSP_MISMATCH ->
                "The identity is not of the organisation that it names, or that is not on the channel: " + words;
            case ORDERER_UNREACHABLE -> "No orderer took the transaction: " + words;
            case CERTIFICATE_EXPIRED -> "The ledger at " + place + " finds that the certificate has expired: " + words;
            case IDENTITY_INVALID -> "The ledger at " + place + " refused the identity: " + words;
            default -> words;
        };
        return new SelvageException(code, sentence, e);
    }

    /** A peer that answers says in its own words what is not there; a link that failed has a cause. */
    private SelvageException unavailable(Status status, String words, Exception e) {
        boolean answered =
                status.getCause() == null && status.getDescription() != null && !words.contains("io exception");
        var link = link(e);
        return answered && link.code() == ErrorCode.LEDGER_UNREACHABLE
                ? new SelvageException(link.code(), "The ledger at " + place + " says: " + words, e)
                : link;
    }

    /** Why the link to the peer did not come about. */
    private SelvageException link(Throwable e) {
        var reason = FaultWords.ofLink(e);
        return reason.map(code -> new SelvageException(code, tls(code) + FaultWords.ofCause(e) + ".", e))
                .orElseGet(() ->
                        new SelvageException(ErrorCode.LEDGER_UNREACHABLE, "No ledger answers at " + place + ".", e));
    }

    private String tls(ErrorCode code) {
        return switch (code) {
            case TLS_NAME_MISMATCH -> "The certificate of the ledger at " + place + " is for another name: ";
            case CERTIFICATE_EXPIRED -> "The TLS certificate of the ledger at " + place + " has expired: ";
            default -> "The ledger at " + place + " is not known to the profile's tlsRoot: ";
        };
    }

    SelvageException invalid(String txid, TxValidationCode code) {
        return new SelvageException(ErrorCode.COMMIT_FAILED, "Transaction " + txid + " is invalid: " + code + ".");
    }

    private static SelvageException endorsement(String words, Exception e) {
        return new SelvageException(ErrorCode.ENDORSEMENT_FAILED, "The transaction was not endorsed: " + words, e);
    }

    private static String describe(Status status) {
        return status.getDescription() == null ? status.getCode().toString() : status.getDescription();
    }

    private static String cut(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
