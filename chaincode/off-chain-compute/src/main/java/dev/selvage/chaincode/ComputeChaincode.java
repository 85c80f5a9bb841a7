package dev.selvage.chaincode;

import dev.selvage.contract.JsonChaincode;
import dev.selvage.contract.Settings;

/** The off-chain-compute contract as the shim sees it. */
public final class ComputeChaincode extends JsonChaincode<Call> {
    public ComputeChaincode(Settings settings) {
        super(Functions.ALL, stub -> new Call(stub, settings));
    }
}
