package dev.selvage.contract;

import io.grpc.stub.StreamObserver;
import java.io.IOException;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.hyperledger.fabric.shim.ChaincodeBase;
import org.hyperledger.fabric.shim.ChaincodeStub;

/** A contract as a process serves it to its one peer. */
final class Served extends ChaincodeBase {
    private final JsonChaincode<?> contract;

    /** @param id under which it registers at the peer: the chaincode's package id */
    Served(JsonChaincode<?> contract, String id) {
        this.contract = contract;
        processCommandLineOptions(new String[] {"-i", id});
    }

    /** Called by the shim when its peer has dialled. */
    @Override
    protected StreamObserver<ChaincodeMessage> connectToPeer(StreamObserver<ChaincodeMessage> peer) throws IOException {
        var between = new PeerStream(peer);
        var shim = super.connectToPeer(between.outgoing());
        contract.serves(between);
        return shim == null ? null : between.incoming(shim);
    }

    @Override
    public Response init(ChaincodeStub stub) {
        return contract.init(stub);
    }

    @Override
    public Response invoke(ChaincodeStub stub) {
        return contract.invoke(stub);
    }
}
