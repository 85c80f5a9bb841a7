package dev.selvage.agent.ledger;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import io.grpc.Status;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.hyperledger.fabric.client.CommitStatusException;
import org.hyperledger.fabric.client.EndorseException;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.hyperledger.fabric.client.SubmitException;

/**
 * What a gateway's errors mean, to agents and commands alike. The contract's own code is found in the per-peer details or in the status text
 * (LEDGER.md, rule 9). Of a submit only a refused identity and a full peer are sure to have ordered nothing (docs/ledgers.md).
 */
public final class GatewayFaults {
    private static final int LONGEST = 600;

    private GatewayFaults() {}

    private enum Step {
        EVALUATE,
        ENDORSE,
        SUBMIT,
        STATUS;

        static Step of(GatewayException fault) {
            if (fault instanceof EndorseException) {
                return ENDORSE;
            } else if (fault instanceof SubmitException) {
                return SUBMIT;
            }
            return fault instanceof CommitStatusException ? STATUS : EVALUATE;
        }

        boolean isAfterEndorsing() {
            return this == SUBMIT || this == STATUS;
        }
    }

    /**
     * What an error means.
     *
     * @param words of the peer, or of the link that failed, on one line
     * @param own the contract's own fault, which is told as it is; else empty
     */
    public record Told(ErrorCode code, String words, Optional<SelvageException> own) {}

    /** What a failed call of any step means. */
    public static Told told(GatewayException fault) {
        for (var detail : fault.getDetails()) {
            var own = SelvageException.fromWire(detail.getMessage());
            if (own.isPresent()) {
                return own(own.get());
            }
        }
        String details = fault.getDetails().stream()
                .map(detail -> detail.getMspId() + ": " + detail.getMessage())
                .distinct()
                .collect(Collectors.joining("; "));
        return told(fault.getStatus(), details, Step.of(fault), fault);
    }

    /** What a failed stream means. */
    public static Told told(GatewayRuntimeException fault) {
        return told(fault.getStatus(), "", Step.EVALUATE, fault);
    }

    private static Told own(SelvageException fault) {
        return new Told(fault.code(), fault.sentence(), Optional.of(fault));
    }

    private static Told told(Status status, String details, Step step, Exception cause) {
        String text = status.getDescription() == null ? "" : status.getDescription();
        var own = SelvageException.fromWire(text);
        if (own.isPresent()) {
            return own(own.get());
        }
        String words = cut(details.isEmpty() ? reason(status, text, cause) : text + " (" + details + ")");
        return new Told(
                code(status, !details.isEmpty(), text + " " + details, step, cause),
                words.isEmpty() ? status.getCode().toString() : words,
                Optional.empty());
    }

    static SelvageException of(GatewayException fault) {
        return sentence(told(fault), fault.getStatus(), fault);
    }

    static SelvageException of(GatewayRuntimeException fault) {
        return sentence(told(fault), fault.getStatus(), fault);
    }

    /** The status that ends a stream of blocks: {@code Unexpected status response: FORBIDDEN}. */
    public static SelvageException ofStream(RuntimeException fault) {
        String words = String.valueOf(fault.getMessage());
        return new SelvageException(
                codeOfStream(words), "The ledger's peer gives no blocks: " + cut(words) + ".", fault);
    }

    /** Of a request that is well formed a peer says BAD_REQUEST where its time is more than 15 minutes off. */
    private static ErrorCode codeOfStream(String words) {
        if (words.contains("FORBIDDEN")) {
            return ErrorCode.EVENTS_DENIED;
        } else if (words.contains("NOT_FOUND")) {
            return ErrorCode.CHANNEL_UNKNOWN;
        }
        return words.contains("BAD_REQUEST") ? ErrorCode.CLOCK_SKEW : ErrorCode.LEDGER_UNREACHABLE;
    }

    private static SelvageException sentence(Told told, Status status, Exception cause) {
        return told.own()
                .orElseGet(() -> new SelvageException(
                        told.code(),
                        Map.of("grpc", status.getCode().name()),
                        "The ledger's peer answered " + status.getCode() + ": " + told.words()
                                + (told.words().endsWith(".") ? "" : "."),
                        cause));
    }

    private static ErrorCode code(Status status, boolean ofPeers, String words, Step step, Exception cause) {
        var told = FaultWords.ofLink(cause).or(() -> FaultWords.of(words));
        if (step.isAfterEndorsing()) {
            return codeAfterEndorsing(status, told);
        }
        return told.orElseGet(() -> switch (status.getCode()) {
            case UNAVAILABLE -> ofPeers ? ErrorCode.ENDORSEMENT_FAILED : ErrorCode.LEDGER_UNREACHABLE;
            case DEADLINE_EXCEEDED, CANCELLED -> ErrorCode.LEDGER_UNREACHABLE;
            case RESOURCE_EXHAUSTED -> ErrorCode.TOO_MANY_REQUESTS;
            case NOT_FOUND -> ErrorCode.CHANNEL_UNKNOWN;
            case PERMISSION_DENIED, UNAUTHENTICATED -> ErrorCode.IDENTITY_INVALID;
            case FAILED_PRECONDITION, ABORTED -> ErrorCode.ENDORSEMENT_FAILED;
            case UNKNOWN -> step == Step.ENDORSE ? ErrorCode.ENDORSEMENT_FAILED : ErrorCode.LEDGER_REFUSED;
            default -> ErrorCode.LEDGER_REFUSED;
        });
    }

    /** BFT says "insufficient number of orderers" of transactions that commit: words do not count from here on. */
    private static ErrorCode codeAfterEndorsing(Status status, Optional<ErrorCode> told) {
        if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED
                || told.filter(ErrorCode.TOO_MANY_REQUESTS::equals).isPresent()) {
            return ErrorCode.TOO_MANY_REQUESTS;
        }
        return switch (status.getCode()) {
            case PERMISSION_DENIED, UNAUTHENTICATED -> ErrorCode.IDENTITY_INVALID;
            default -> ErrorCode.COMMIT_UNKNOWN;
        };
    }

    /** gRPC's own words say only "io exception" where TLS or the network failed. */
    private static String reason(Status status, String text, Exception cause) {
        return status.getCause() == null
                ? text
                : text.lines().findFirst().orElse("") + ": " + FaultWords.ofCause(cause);
    }

    private static String cut(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
