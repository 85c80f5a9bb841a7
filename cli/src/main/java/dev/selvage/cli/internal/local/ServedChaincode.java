package dev.selvage.cli.internal.local;

import dev.selvage.model.ContractApi;
import java.util.Arrays;
import java.util.Optional;

/** A chaincode that comes with Selvage, as a process on a class path of its own. */
public enum ServedChaincode {
    /** The contract itself. */
    CONTRACT(ContractApi.CHAINCODE, "dev.selvage.chaincode.ChaincodeMain", 0),
    /** The carriers' names of the example nyc-delays-named. */
    REFERENCE("reference", "org.hyperledger.fabric.contract.ContractRouter", 1),
    /** What the contract is measured against. */
    BARE("bare-create", "dev.selvage.chaincode.bare.BareMain", 6);

    private final String chaincode;
    private final String mainClass;
    private final int place;

    ServedChaincode(String chaincode, String mainClass, int place) {
        this.chaincode = chaincode;
        this.mainClass = mainClass;
        this.place = place;
    }

    /** The one of that name on the channel. */
    static Optional<ServedChaincode> named(String name) {
        return Arrays.stream(values()).filter(one -> one.chaincode.equals(name)).findFirst();
    }

    /** Its name on the channel and of its class path. */
    public String chaincode() {
        return chaincode;
    }

    String mainClass() {
        return mainClass;
    }

    /** The number of its first process among the ports of chaincodes. */
    int place() {
        return place;
    }
}
