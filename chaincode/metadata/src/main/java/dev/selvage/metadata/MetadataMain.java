package dev.selvage.metadata;

import dev.selvage.contract.ContractService;
import dev.selvage.model.integrity.MetadataApi;

/** The process that serves the contract. */
public final class MetadataMain {
    private MetadataMain() {}

    /** Ends as {@link ContractService#main} does. */
    public static void main(String[] args) {
        ContractService.main(MetadataApi.CHAINCODE, args, MetadataChaincode::new);
    }
}
