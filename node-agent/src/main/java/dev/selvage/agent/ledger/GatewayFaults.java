package dev.selvage.agent.ledger;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import io.grpc.Status;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.hyperledger.fabric.protos.gateway.ErrorDetail;

/** What a gateway's errors mean. The contract's own code is found in the per-peer details or in the status text (LEDGER.md, rule 9). */
final class GatewayFaults {
    private static final int LONGEST = 400;

    /** Which call failed. */
    enum Step {
        EVALUATE,
        ENDORSE,
        SUBMIT
    }

    private GatewayFaults() {}

    static SelvageException of(GatewayException fault, Step step) {
        for (ErrorDetail detail : fault.getDetails()) {
            var ours = SelvageException.fromWire(detail.getMessage());
            if (ours.isPresent()) {
                return ours.get();
            }
        }
        String details = fault.getDetails().stream()
                .map(detail -> detail.getMspId() + ": " + detail.getMessage())
                .collect(Collectors.joining("; "));
        return of(fault.getStatus(), details, step, fault);
    }

    static SelvageException of(GatewayRuntimeException fault, Step step) {
        return of(fault.getStatus(), "", step, fault);
    }

    /** The status that ends a stream of blocks: {@code Unexpected status response: FORBIDDEN}. */
    static SelvageException ofStream(RuntimeException fault) {
        String words = String.valueOf(fault.getMessage());
        ErrorCode code = words.contains("FORBIDDEN")
                ? ErrorCode.EVENTS_DENIED
                : words.contains("NOT_FOUND") ? ErrorCode.CHANNEL_UNKNOWN : ErrorCode.LEDGER_UNREACHABLE;
        return new SelvageException(code, "The ledger's peer gives no blocks: " + cut(words) + ".", fault);
    }

    private static SelvageException of(Status status, String details, Step step, Exception cause) {
        String text = status.getDescription() == null ? "" : status.getDescription();
        Optional<SelvageException> ours = SelvageException.fromWire(text);
        if (ours.isPresent()) {
            return ours.get();
        }
        String words = cut(details.isEmpty() ? reason(status, text, cause) : text + " (" + details + ")");
        return new SelvageException(
                code(status, words, step, cause),
                Map.of("grpc", status.getCode().name()),
                "The ledger's peer answered " + status.getCode() + ": " + words + (words.endsWith(".") ? "" : "."),
                cause);
    }

    private static ErrorCode code(Status status, String words, Step step, Exception cause) {
        var told = FaultWords.ofLink(cause).or(() -> FaultWords.of(words));
        if (told.isPresent() && (step != Step.SUBMIT || told.get() == ErrorCode.TOO_MANY_REQUESTS)) {
            return told.get();
        }
        return switch (status.getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED ->
                step == Step.SUBMIT ? ErrorCode.COMMIT_UNKNOWN : ErrorCode.LEDGER_UNREACHABLE;
            case RESOURCE_EXHAUSTED -> ErrorCode.TOO_MANY_REQUESTS;
            case NOT_FOUND -> ErrorCode.CHANNEL_UNKNOWN;
            case PERMISSION_DENIED, UNAUTHENTICATED -> ErrorCode.IDENTITY_INVALID;
            case FAILED_PRECONDITION -> ErrorCode.ENDORSEMENT_FAILED;
            case ABORTED, UNKNOWN -> step == Step.SUBMIT ? ErrorCode.COMMIT_UNKNOWN : ErrorCode.ENDORSEMENT_FAILED;
            default -> step == Step.SUBMIT ? ErrorCode.COMMIT_UNKNOWN : ErrorCode.LEDGER_REFUSED;
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
