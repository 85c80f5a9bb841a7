package dev.selvage.network.internal.wire;

import dev.selvage.network.internal.endorse.Endorsed;
import dev.selvage.network.internal.endorse.Endorsed.Simulated;
import dev.selvage.network.internal.endorse.UnpackedProposal;
import dev.selvage.network.internal.endorse.UnpackedProposal.Malformed;
import io.grpc.Status.Code;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.gateway.EndorseRequest;
import org.hyperledger.fabric.protos.gateway.EndorseResponse;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEndorsedAction;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TransactionAction;

/** Gateway.Endorse: runs a proposal, has enough organisations sign, and gives the transaction back for the client to sign. */
final class EndorseCall {
    private final PeerContext peer;
    private final GatewayRules rules;
    private final String msp;

    EndorseCall(PeerContext peer, GatewayRules rules, String msp) {
        this.peer = peer;
        this.rules = rules;
        this.msp = msp;
    }

    CompletableFuture<EndorseResponse> run(EndorseRequest request) {
        UnpackedProposal proposal = unpack(request);
        boolean planned = request.getEndorsingOrganizationsCount() == 0;
        List<String> named = List.copyOf(request.getEndorsingOrganizationsList());
        if (rules.isOurs(proposal.channel())) {
            rules.requireEndorsers(named);
        }
        GatewayRules.require(
                rules.isOurs(proposal.channel()) && peer.endorser().defined(proposal.chaincode()),
                Code.FAILED_PRECONDITION,
                "no combination of peers can be derived which satisfy the endorsement policy: chaincode "
                        + proposal.chaincode() + " is not defined on channel " + proposal.channel());
        return peer.endorser().process(proposal).thenApply(endorsed -> {
            Simulated simulated = simulated(endorsed, planned ? List.of(msp) : named, planned);
            return EndorseResponse.newBuilder()
                    .setPreparedTransaction(prepare(simulated, planned ? plan(simulated) : named))
                    .build();
        });
    }

    private static UnpackedProposal unpack(EndorseRequest request) {
        try {
            GatewayRules.require(
                    !request.getProposedTransaction().getProposalBytes().isEmpty(),
                    Code.INVALID_ARGUMENT,
                    "the proposed transaction must contain a signed proposal");
            return UnpackedProposal.of(request.getProposedTransaction());
        } catch (Malformed e) {
            throw GatewayErrors.of(Code.INVALID_ARGUMENT, e.getMessage());
        }
    }

    private Simulated simulated(Endorsed endorsed, List<String> asked, boolean planned) {
        String message = planned
                ? "failed to endorse transaction, see attached details for more info"
                : "failed to collect enough transaction endorsements, see attached details for more info";
        return endorsed.fold(
                good -> good,
                failed -> {
                    throw rules.failure(Code.ABORTED, message, asked, failed.message());
                },
                refused -> {
                    throw rules.failure(Code.ABORTED, message, asked, refused.message());
                });
    }

    private List<String> plan(Simulated simulated) {
        return peer.plan()
                .choose(simulated.namespaces(), msp)
                .orElseThrow(() -> GatewayErrors.of(
                        Code.FAILED_PRECONDITION,
                        "no combination of peers can be derived which satisfy the endorsement policy"));
    }

    private Envelope prepare(Simulated simulated, List<String> signers) {
        UnpackedProposal proposal = simulated.proposal();
        ChaincodeEndorsedAction.Builder action =
                ChaincodeEndorsedAction.newBuilder().setProposalResponsePayload(simulated.payload());
        signers.stream()
                .distinct()
                .forEach(signer -> action.addEndorsements(peer.plan().sign(signer, simulated.payload())));
        Transaction transaction = Transaction.newBuilder()
                .addActions(TransactionAction.newBuilder()
                        .setHeader(proposal.header().getSignatureHeader())
                        .setPayload(ChaincodeActionPayload.newBuilder()
                                .setChaincodeProposalPayload(proposal.payloadWithoutTransient())
                                .setAction(action)
                                .build()
                                .toByteString()))
                .build();
        return Envelope.newBuilder()
                .setPayload(Payload.newBuilder()
                        .setHeader(proposal.header())
                        .setData(transaction.toByteString())
                        .build()
                        .toByteString())
                .build();
    }
}
