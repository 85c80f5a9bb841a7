package dev.selvage.network.internal.wire;

import dev.selvage.network.internal.endorse.Endorsed;
import dev.selvage.network.internal.endorse.UnpackedProposal;
import dev.selvage.network.internal.endorse.UnpackedProposal.Malformed;
import io.grpc.Status.Code;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.hyperledger.fabric.protos.gateway.EvaluateRequest;
import org.hyperledger.fabric.protos.gateway.EvaluateResponse;
import org.hyperledger.fabric.protos.peer.Response;

/** Gateway.Evaluate: runs a proposal and gives its result back; nothing is endorsed. */
final class EvaluateCall {
    private static final String FAILED = "failed to evaluate transaction, see attached details for more info";
    private static final String REFUSED = "evaluate call to endorser returned error: ";

    private final PeerContext peer;
    private final GatewayRules rules;
    private final String msp;

    EvaluateCall(PeerContext peer, GatewayRules rules, String msp) {
        this.peer = peer;
        this.rules = rules;
        this.msp = msp;
    }

    CompletableFuture<EvaluateResponse> run(EvaluateRequest request) {
        UnpackedProposal proposal = unpack(request);
        String channel = proposal.channel();
        GatewayRules.require(
                rules.isOurs(channel), Code.UNAVAILABLE, "failed to create connections for channel " + channel);
        rules.requireEndorsers(request.getTargetOrganizationsList());
        GatewayRules.require(
                peer.endorser().defined(proposal.chaincode()),
                Code.FAILED_PRECONDITION,
                "no peers available to evaluate chaincode " + proposal.chaincode() + " in channel " + channel);
        List<String> asked = asked(request, proposal);
        return peer.endorser()
                .process(proposal)
                .thenApply(endorsed -> EvaluateResponse.newBuilder()
                        .setResult(result(endorsed, asked))
                        .build());
    }

    private static UnpackedProposal unpack(EvaluateRequest request) {
        String prefix = "failed to unpack transaction proposal: ";
        try {
            GatewayRules.require(
                    !request.getProposedTransaction().getProposalBytes().isEmpty(),
                    Code.INVALID_ARGUMENT,
                    prefix + "a signed proposal is required");
            UnpackedProposal proposal = UnpackedProposal.of(request.getProposedTransaction());
            GatewayRules.require(
                    !proposal.channel().isEmpty(), Code.INVALID_ARGUMENT, prefix + "no channel id provided");
            return proposal;
        } catch (Malformed e) {
            throw GatewayErrors.of(Code.INVALID_ARGUMENT, prefix + e.getMessage());
        }
    }

    private List<String> asked(EvaluateRequest request, UnpackedProposal proposal) {
        if (request.getTargetOrganizationsCount() > 0) {
            return request.getTargetOrganizationsList();
        }
        return proposal.transientPresent() ? List.of(msp) : rules.localFirst();
    }

    private Response result(Endorsed endorsed, List<String> asked) {
        List<String> first = asked.subList(0, 1);
        return endorsed.fold(
                good -> good.response(),
                failed -> {
                    // a peer's failure is tried on every peer, a chaincode's answer on none but the first
                    throw failed.byChaincode()
                            ? rules.failure(Code.UNKNOWN, REFUSED + failed.message(), first, failed.message())
                            : rules.failure(Code.ABORTED, FAILED, asked, failed.message());
                },
                refused -> {
                    throw refused.byFilter()
                            ? rules.failure(Code.UNAVAILABLE, FAILED, asked, refused.message())
                            : rules.failure(
                                    Code.FAILED_PRECONDITION, REFUSED + refused.message(), first, refused.message());
                });
    }
}
