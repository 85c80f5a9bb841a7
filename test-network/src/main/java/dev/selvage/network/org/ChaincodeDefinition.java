package dev.selvage.network.org;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a channel agrees on about a chaincode that runs as a service.
 *
 * @param name as clients call it
 * @param version free text, shown by queries
 * @param sequence 1 for the first definition of the name, one more with each change
 * @param address where its server listens
 * @param policy who must endorse
 * @param tls how to reach it; empty for plain TCP on this machine
 */
public record ChaincodeDefinition(
        String name, String version, long sequence, HostPort address, SignaturePolicy policy, Optional<Tls> tls) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9_.+-]{1,64}");

    /**
     * Paths of PEM files: the keys themselves never enter a record.
     *
     * @param root the authority of the chaincode's server certificate
     * @param certificate this side's certificate, as a client
     * @param key its key
     */
    public record Tls(String root, String certificate, String key) {
        public Tls {
            Objects.requireNonNull(root);
            Objects.requireNonNull(certificate);
            Objects.requireNonNull(key);
        }
    }

    public ChaincodeDefinition {
        if (name.length() > 64 || !NAME.matcher(name).matches()) {
            throw invalid("\"" + name + "\" is no chaincode name: letters and digits, single '-' or '_' between them");
        }
        if (!VERSION.matcher(version).matches()) {
            throw invalid("\"" + version + "\" is no version: letters, digits and _ . + -");
        }
        if (sequence < 1) {
            throw invalid("sequence " + sequence + " is not 1 or more");
        }
        Objects.requireNonNull(address);
        Objects.requireNonNull(policy);
        Objects.requireNonNull(tls);
    }

    private static SelvageException invalid(String sentence) {
        return new SelvageException(ErrorCode.CONFIG_INVALID, sentence);
    }
}
