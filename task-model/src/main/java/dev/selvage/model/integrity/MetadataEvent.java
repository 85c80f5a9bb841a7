package dev.selvage.model.integrity;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.selvage.model.Digest;
import dev.selvage.model.integrity.MetadataFacts.Prover;
import java.util.List;

/**
 * The payload of the metadata contract's one event per transaction: everything in it can be read from state again.
 *
 * @param v the version, 1
 */
public record MetadataEvent(int v, List<Entry> facts) {
    /** The event's name on the ledger. */
    public static final String NAME = "selvage.metadata.v1";

    public MetadataEvent {
        facts = List.copyOf(facts);
    }

    /** One fact. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Key.class, name = "key"),
        @JsonSubTypes.Type(value = KeyRevoked.class, name = "keyRevoked"),
        @JsonSubTypes.Type(value = Anchored.class, name = "anchored"),
        @JsonSubTypes.Type(value = Provers.class, name = "provers"),
        @JsonSubTypes.Type(value = Audit.class, name = "audit")
    })
    public sealed interface Entry {}

    public record Key(String msp, Digest key) implements Entry {}

    public record KeyRevoked(String msp, Digest key) implements Entry {}

    public record Anchored(DataName data, int version, AuditMode mode, Digest root) implements Entry {}

    public record Provers(DataName data, List<Prover> provers) implements Entry {
        public Provers {
            provers = List.copyOf(provers);
        }
    }

    /**
     * An audit reached a state.
     *
     * @param provers who may answer; only with AwaitingAnswer
     * @param buyer the MSP that opened it
     * @param by the latest time of the step that is awaited; null when it has ended
     */
    public record Audit(
            String audit,
            AuditState state,
            DataName data,
            int version,
            AuditMode mode,
            String buyer,
            List<Prover> provers,
            Long by)
            implements Entry {
        public Audit {
            provers = provers == null ? List.of() : List.copyOf(provers);
        }
    }
}
