package dev.selvage.network.internal.wire;

import java.util.ArrayList;
import java.util.List;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;

/** Keeps one chaincode's events, from the one after a given transaction on. Sees the events in order, once each. */
final class EventFilter {
    private final String chaincode;
    private final String after;
    private boolean passed;

    /** @param after transaction id of the last event that the client has, empty for none */
    EventFilter(String chaincode, String after) {
        this.chaincode = chaincode;
        this.after = after;
        this.passed = after.isEmpty();
    }

    List<ChaincodeEvent> matching(List<ChaincodeEvent> events) {
        List<ChaincodeEvent> matching = new ArrayList<>();
        for (ChaincodeEvent event : events) {
            if (!passed) {
                passed = event.getTxId().equals(after);
            } else if (event.getChaincodeId().equals(chaincode)) {
                matching.add(event);
            }
        }
        return matching;
    }
}
