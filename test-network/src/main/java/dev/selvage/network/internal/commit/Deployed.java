package dev.selvage.network.internal.commit;

import dev.selvage.network.org.SignaturePolicy;
import java.util.Optional;

/**
 * What validation and endorsement need to know of a chaincode.
 *
 * @param version as clients see it in the definition and in each transaction
 */
public record Deployed(String name, String version, SignaturePolicy policy) {

    /** The chaincodes of the channel as they are now. */
    @FunctionalInterface
    public interface Lookup {
        Optional<Deployed> find(String chaincode);
    }
}
