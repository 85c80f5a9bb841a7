package dev.selvage.chaincode;

import dev.selvage.contract.ContractService;
import dev.selvage.model.ContractApi;

/** The process that serves the contract. */
public final class ChaincodeMain {
    private ChaincodeMain() {}

    /** Ends as {@link ContractService#main} does. */
    public static void main(String[] args) {
        ContractService.main(ContractApi.CHAINCODE, args, ComputeChaincode::new);
    }
}
