package dev.selvage.cli.internal.local;

import dev.selvage.model.ContractApi;

/** A chaincode that comes with Selvage, as a process on a class path of its own. */
public enum ServedChaincode {
    /** The contract itself. */
    CONTRACT(ContractApi.CHAINCODE, "dev.selvage.chaincode.ChaincodeMain"),
    /** The carriers' names of the example nyc-delays-named. */
    REFERENCE("reference", "org.hyperledger.fabric.contract.ContractRouter");

    private final String chaincode;
    private final String mainClass;

    ServedChaincode(String chaincode, String mainClass) {
        this.chaincode = chaincode;
        this.mainClass = mainClass;
    }

    /** Its name on the channel and of its class path. */
    String chaincode() {
        return chaincode;
    }

    String mainClass() {
        return mainClass;
    }
}
