package dev.selvage.agent.ledger;

import dev.selvage.model.ErrorCode;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * What Fabric's own words, and the causes of a link that failed, mean. Status codes alone do not tell: one status stands for many faults, and
 * one fault has another status at each step (docs/ledgers.md, "What a client is told").
 */
public final class FaultWords {
    /** The first that is found counts; words of Fabric 2.5 and 3.1, and of the embedded ledger where they differ. */
    private static final Map<Pattern, ErrorCode> WORDS = words();

    private static final Pattern NAME = Pattern.compile("no subject alternative|no name matching");
    private static final Pattern PATH =
            Pattern.compile("certification path|certificate_unknown|unknown_ca|path building");
    private static final int DEEPEST = 20;

    private FaultWords() {}

    private static Map<Pattern, ErrorCode> words() {
        Map<Pattern, ErrorCode> words = new LinkedHashMap<>();
        words.put(Pattern.compile("too many requests"), ErrorCode.TOO_MANY_REQUESTS);
        words.put(Pattern.compile("due to incorrect timestamp"), ErrorCode.CLOCK_SKEW);
        words.put(Pattern.compile("creator org unknown"), ErrorCode.MSP_MISMATCH);
        words.put(
                Pattern.compile("client identity expired|certificate has expired|identity is expired"),
                ErrorCode.CERTIFICATE_EXPIRED);
        words.put(
                Pattern.compile("failed to get config for channel|could not get last config for channel"
                        + "|failed to create connections for channel|unknown channel id|invalid chain id"
                        + "|channel [^ ]+ not found|failed to get the channel"),
                ErrorCode.CHANNEL_UNKNOWN);
        words.put(
                Pattern.compile("could not launch chaincode|failed to create chaincode connection"),
                ErrorCode.CHAINCODE_UNREACHABLE);
        words.put(
                Pattern.compile(
                        "no peers available to evaluate chaincode|no metadata was found for chaincode"
                                + "|(namespace|chaincode) [^ ]+ is not defined|chaincode definition for .* not found|make sure the chaincode .* has been"),
                ErrorCode.CHAINCODE_UNKNOWN);
        words.put(
                Pattern.compile("no orderers could|insufficient number of orderers|no orderer nodes available"),
                ErrorCode.ORDERER_UNREACHABLE);
        words.put(Pattern.compile("access denied for \\["), ErrorCode.EVENTS_DENIED);
        words.put(Pattern.compile("access denied: channel"), ErrorCode.IDENTITY_INVALID);
        return words;
    }

    /** The code that the words of a peer mean; empty when they are not known. */
    public static Optional<ErrorCode> of(String words) {
        String plain = words == null ? "" : words.toLowerCase(Locale.ROOT);
        return WORDS.entrySet().stream()
                .filter(known -> known.getKey().matcher(plain).find())
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Why no secure link came about: TLS_NAME_MISMATCH, TLS_UNTRUSTED, CERTIFICATE_EXPIRED; empty when TLS is not the reason. */
    public static Optional<ErrorCode> ofLink(Throwable fault) {
        Optional<ErrorCode> found = Optional.empty();
        Throwable cause = fault;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++, cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (cause instanceof CertificateExpiredException) {
                return Optional.of(ErrorCode.CERTIFICATE_EXPIRED);
            } else if (cause instanceof CertificateException
                    && NAME.matcher(text).find()) {
                return Optional.of(ErrorCode.TLS_NAME_MISMATCH);
            } else if (cause instanceof CertificateException
                    || cause instanceof CertPathBuilderException
                    || cause instanceof CertPathValidatorException
                    || (cause instanceof SSLException && PATH.matcher(text).find())) {
                found = Optional.of(ErrorCode.TLS_UNTRUSTED);
            }
        }
        return found;
    }

    /** The words nearest to the reason why a link failed. */
    public static String ofCause(Throwable fault) {
        String words = String.valueOf(fault.getMessage());
        Throwable cause = fault;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++, cause = cause.getCause()) {
            words = cause.getMessage() == null ? words : cause.getMessage();
        }
        String line = words.replaceAll("[^\\x20-\\x7e]+", " ").strip().replaceFirst("\\.+$", "");
        return line.length() > 240 ? line.substring(0, 240) + "..." : line;
    }
}
