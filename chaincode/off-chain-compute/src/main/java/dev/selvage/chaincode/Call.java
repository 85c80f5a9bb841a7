package dev.selvage.chaincode;

import dev.selvage.contract.Invocation;
import dev.selvage.contract.Settings;
import dev.selvage.model.LedgerEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.hyperledger.fabric.shim.ChaincodeStub;

/** An invocation with the tasks that it has looked at and the facts that it tells. One thread. */
final class Call extends Invocation {
    private final Events events = new Events();
    private final Map<String, TaskContext> tasks = new HashMap<>();

    Call(ChaincodeStub stub, Settings settings) {
        super(stub, settings);
    }

    void tell(LedgerEvent.Entry fact) {
        events.add(fact);
    }

    Events events() {
        return events;
    }

    /** A task that must be there. */
    TaskContext task(String id) {
        return tasks.computeIfAbsent(id, key -> TaskContext.load(this, key));
    }

    @Override
    protected Optional<Event> event() {
        return events.payload().map(payload -> new Event(LedgerEvent.NAME, payload));
    }
}
