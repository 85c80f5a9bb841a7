package dev.selvage.network.internal.chaincode;

import dev.selvage.network.internal.simulation.Simulation;
import java.util.concurrent.CompletableFuture;
import org.hyperledger.fabric.protos.peer.ChaincodeInput;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.hyperledger.fabric.protos.peer.SignedProposal;

/**
 * One call of a chaincode within a transaction.
 *
 * @param chaincode whose code runs, and in whose namespace it reads and writes
 * @param proposal the client's own, which carries creator and transient data to every chaincode that is called
 */
public record Invocation(
        String channel,
        String txId,
        String chaincode,
        ChaincodeInput input,
        SignedProposal proposal,
        Simulation simulation) {

    /** The same transaction calling another chaincode. */
    Invocation calling(String other, ChaincodeInput otherInput) {
        return new Invocation(channel, txId, other, otherInput, proposal, simulation);
    }

    ChaincodeMessage toMessage() {
        return ChaincodeMessage.newBuilder()
                .setType(ChaincodeMessage.Type.TRANSACTION)
                .setChannelId(channel)
                .setTxid(txId)
                .setPayload(input.toByteString())
                .setProposal(proposal)
                .build();
    }

    /** Who runs an invocation: a chaincode of the network, or one of the ledger's own. */
    @FunctionalInterface
    public interface Runner {
        /** Completes with the chaincode's COMPLETED or ERROR message, or exceptionally with {@link ExecutionFailed}. */
        CompletableFuture<ChaincodeMessage> run(Invocation invocation);
    }
}
