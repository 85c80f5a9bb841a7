package dev.selvage.chaincode.bare;

import java.util.List;
import org.hyperledger.fabric.shim.ChaincodeBase;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.ResponseUtils;

/** {@code create KEY VALUE}: one get, one put, and nothing else. */
public final class CreateChaincode extends ChaincodeBase {
    /** Registers at the peer under the chaincode's package id. */
    CreateChaincode(String id) {
        processCommandLineOptions(new String[] {"-i", id});
    }

    @Override
    public Response init(ChaincodeStub stub) {
        return ResponseUtils.newSuccessResponse();
    }

    @Override
    public Response invoke(ChaincodeStub stub) {
        List<byte[]> words = stub.getArgs();
        if (words.size() != 3 || !stub.getFunction().equals("create")) {
            return ResponseUtils.newErrorResponse("create KEY VALUE is all there is");
        }
        String key = stub.getParameters().get(0);
        byte[] there = stub.getState(key);
        if (there != null && there.length > 0) {
            return ResponseUtils.newErrorResponse(key + " exists");
        }
        stub.putState(key, words.get(2));
        return ResponseUtils.newSuccessResponse();
    }
}
