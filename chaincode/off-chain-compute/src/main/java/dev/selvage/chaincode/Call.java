package dev.selvage.chaincode;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.SelvageException;
import java.util.HashMap;
import java.util.Map;
import org.hyperledger.fabric.shim.ChaincodeStub;

/** One invocation: the state it sees, who sent it, when, and what it tells the channel. One thread. */
final class Call {
    private final ChaincodeStub stub;
    private final State state;
    private final Events events = new Events();
    private final Map<String, TaskContext> tasks = new HashMap<>();
    private final Settings settings;
    private Caller caller;

    Call(ChaincodeStub stub, Settings settings) {
        this.stub = stub;
        this.settings = settings;
        this.state = new State(stub);
    }

    State state() {
        return state;
    }

    Settings settings() {
        return settings;
    }

    Caller caller() {
        if (caller == null) {
            caller = Caller.of(stub.getCreator());
        }
        return caller;
    }

    String txid() {
        return stub.getTxId();
    }

    /** The transaction's time, by its creator's clock, in milliseconds since 1970 UTC. */
    long at() {
        return stub.getTxTimestamp().toEpochMilli();
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

    /** Writes what was decided. */
    void finish() {
        var payload = events.payload();
        state.flush();
        payload.ifPresent(bytes -> stub.setEvent(LedgerEvent.NAME, bytes));
    }

    SelvageException notPermitted(String sentence) {
        return new SelvageException(ErrorCode.NOT_PERMITTED, caller().party() + " " + sentence);
    }
}
