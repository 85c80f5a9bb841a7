package dev.selvage.contract;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.Optional;
import org.hyperledger.fabric.shim.ChaincodeStub;

/** One invocation of a contract: the state it sees, who sent it, when, and what it tells the channel. One thread. */
public abstract class Invocation {
    private final ChaincodeStub stub;
    private final State state;
    private final Settings settings;
    private Caller caller;

    protected Invocation(ChaincodeStub stub, Settings settings) {
        this.stub = stub;
        this.settings = settings;
        this.state = new State(stub);
    }

    public final State state() {
        return state;
    }

    public final Settings settings() {
        return settings;
    }

    public final Caller caller() {
        if (caller == null) {
            caller = Caller.of(stub.getCreator());
        }
        return caller;
    }

    public final String txid() {
        return stub.getTxId();
    }

    public final String channel() {
        return stub.getChannelId();
    }

    /** The transaction's time, by its creator's clock, in milliseconds since 1970 UTC. */
    public final long at() {
        return stub.getTxTimestamp().toEpochMilli();
    }

    public final SelvageException notPermitted(String sentence) {
        return new SelvageException(ErrorCode.NOT_PERMITTED, caller().party() + " " + sentence);
    }

    /** What the channel is told; empty when nothing happened. */
    protected abstract Optional<Event> event();

    /** Writes what was decided. */
    final void finish() {
        var event = event();
        state.flush();
        event.ifPresent(told -> stub.setEvent(told.name(), told.payload()));
    }

    /** The one event of a transaction. */
    public record Event(String name, byte[] payload) {}
}
