package dev.selvage.cli.internal.client;

import dev.selvage.agent.ledger.FaultWords;
import dev.selvage.agent.ledger.GatewayFaults;
import dev.selvage.agent.ledger.GatewayFaults.Told;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import io.grpc.Status;
import java.util.Map;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/** Sentences for a person about failed calls of the gateway of a profile; the codes are those of the agent ({@link GatewayFaults}). */
final class ProfileFaults {
    private final String place;
    private final String channel;
    private final String chaincode;

    /** @param place where the ledger is, for a person: {@code 127.0.0.1:7051 (profile "local")} */
    ProfileFaults(String place, String channel, String chaincode) {
        this.place = place;
        this.channel = channel;
        this.chaincode = chaincode;
    }

    /** What a failed call of any step means. */
    SelvageException of(GatewayException e) {
        return of(GatewayFaults.told(e), e.getStatus(), e);
    }

    /** What a failed stream of events or blocks means. */
    SelvageException of(GatewayRuntimeException e) {
        return of(GatewayFaults.told(e), e.getStatus(), e);
    }

    private SelvageException of(Told told, Status status, Exception cause) {
        return told.own()
                .orElseGet(() -> new SelvageException(
                        told.code(), sentence(told.code(), words(told, status, cause), status), cause));
    }

    /** Of a link that failed only the reason counts. */
    private static String words(Told told, Status status, Exception cause) {
        return status.getCause() == null ? told.words() : FaultWords.ofCause(cause) + ".";
    }

    private String sentence(ErrorCode code, String words, Status status) {
        boolean link = status.getCause() != null;
        return switch (code) {
            case LEDGER_UNREACHABLE -> {
                if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
                    yield "The ledger at " + place + " did not answer in time.";
                }
                yield link ? "No ledger answers at " + place + "." : "The ledger at " + place + " says: " + words;
            }
            case TLS_NAME_MISMATCH -> "The certificate of the ledger at " + place + " is for another name: " + words;
            case TLS_UNTRUSTED -> "The ledger at " + place + " is not known to the profile's tlsRoot: " + words;
            case CERTIFICATE_EXPIRED ->
                link
                        ? "The TLS certificate of the ledger at " + place + " has expired: " + words
                        : "The ledger at " + place + " finds that the certificate has expired: " + words;
            case CHANNEL_UNKNOWN -> "The ledger at " + place + " has no channel \"" + channel + "\": " + words;
            case CHAINCODE_UNKNOWN ->
                "No chaincode \"" + chaincode + "\" is committed on the channel \"" + channel + "\": " + words;
            case CHAINCODE_UNREACHABLE -> "The ledger's peer does not reach the process of the chaincode: " + words;
            case MSP_MISMATCH ->
                "The identity is not of the organisation that it names, or that is not on the channel: " + words;
            case CLOCK_SKEW ->
                "The clock of this machine and that of the ledger at " + place + " are too far apart: " + words;
            case ORDERER_UNREACHABLE -> "No orderer is known that could take a transaction: " + words;
            case IDENTITY_INVALID -> "The ledger at " + place + " refused the identity: " + words;
            case ENDORSEMENT_FAILED -> "The transaction was not endorsed: " + words;
            case COMMIT_UNKNOWN -> "The ledger did not say whether the transaction committed: " + words;
            default -> words;
        };
    }

    SelvageException invalid(String txid, TxValidationCode code) {
        return new SelvageException(
                ErrorCode.COMMIT_FAILED,
                Map.of("transaction", txid),
                "Transaction " + txid + " is invalid: " + code + ".");
    }
}
