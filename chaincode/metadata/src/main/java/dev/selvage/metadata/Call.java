package dev.selvage.metadata;

import dev.selvage.contract.Invocation;
import dev.selvage.contract.Settings;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.integrity.MetadataEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hyperledger.fabric.shim.ChaincodeStub;

/** An invocation with the facts that it tells. One thread. */
final class Call extends Invocation {
    private final List<MetadataEvent.Entry> told = new ArrayList<>();

    Call(ChaincodeStub stub, Settings settings) {
        super(stub, settings);
    }

    void tell(MetadataEvent.Entry fact) {
        told.add(fact);
    }

    @Override
    protected Optional<Event> event() {
        return told.isEmpty()
                ? Optional.empty()
                : Optional.of(new Event(MetadataEvent.NAME, CanonicalJson.bytes(new MetadataEvent(1, told))));
    }
}
