package dev.selvage.metadata;

import dev.selvage.contract.JsonChaincode;
import dev.selvage.contract.Settings;

/** The metadata contract as the shim sees it. */
public final class MetadataChaincode extends JsonChaincode<Call> {
    public MetadataChaincode(Settings settings) {
        super(Functions.ALL, stub -> new Call(stub, settings));
    }
}
