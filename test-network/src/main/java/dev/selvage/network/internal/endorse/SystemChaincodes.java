package dev.selvage.network.internal.endorse;

import java.util.Map;
import java.util.Optional;
import org.hyperledger.fabric.protos.peer.ChaincodeInput;
import org.hyperledger.fabric.protos.peer.Response;

/** The chaincodes that are part of every peer, by name. They read the ledger, write nothing, and refuse calls from chaincode. */
public final class SystemChaincodes {
    private final Map<String, SystemChaincode> byName;

    /** One of them. */
    @FunctionalInterface
    public interface SystemChaincode {
        Response invoke(ChaincodeInput input);
    }

    public SystemChaincodes(Map<String, SystemChaincode> byName) {
        this.byName = Map.copyOf(byName);
    }

    Optional<SystemChaincode> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public boolean has(String name) {
        return byName.containsKey(name);
    }
}
