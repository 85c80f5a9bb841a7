package dev.selvage.network.internal.wire;

import dev.selvage.network.internal.chaincode.Failures;
import dev.selvage.network.internal.endorse.Endorsed;
import dev.selvage.network.internal.endorse.Endorsed.Simulated;
import dev.selvage.network.internal.endorse.UnpackedProposal;
import dev.selvage.network.internal.endorse.UnpackedProposal.Malformed;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import org.hyperledger.fabric.protos.peer.EndorserGrpc;
import org.hyperledger.fabric.protos.peer.ProposalResponse;
import org.hyperledger.fabric.protos.peer.SignedProposal;

/** protos.Endorser of one organisation's peer: what the {@code peer} command and older clients speak. */
final class EndorserService extends EndorserGrpc.EndorserImplBase {
    private final PeerContext peer;
    private final String msp;

    EndorserService(PeerContext peer, String msp) {
        this.peer = peer;
        this.msp = msp;
    }

    @Override
    public void processProposal(SignedProposal signed, StreamObserver<ProposalResponse> client) {
        UnpackedProposal proposal;
        try {
            proposal = UnpackedProposal.of(signed);
        } catch (Malformed e) {
            client.onError(GatewayErrors.of(Code.UNKNOWN, e.getMessage()));
            return;
        }
        Failures.whenDone(peer.endorser().process(proposal), (endorsed, failure) -> {
            try {
                if (failure != null) {
                    throw GatewayErrors.of(Code.UNKNOWN, Failures.message(failure));
                }
                client.onNext(response(endorsed));
                client.onCompleted();
            } catch (StatusRuntimeException e) {
                client.onError(e);
            }
        });
    }

    private ProposalResponse response(Endorsed endorsed) {
        return endorsed.fold(
                this::signed,
                failed -> {
                    ProposalResponse.Builder response =
                            ProposalResponse.newBuilder().setResponse(failed.response());
                    failed.payload().ifPresent(response::setPayload);
                    return response.build();
                },
                refused -> {
                    throw GatewayErrors.of(Code.UNKNOWN, refused.message());
                });
    }

    private ProposalResponse signed(Simulated simulated) {
        ProposalResponse.Builder response = ProposalResponse.newBuilder().setResponse(simulated.response());
        if (simulated.proposal().channel().isEmpty()) {
            // nothing of a proposal without a channel can become a transaction
            return response.build();
        }
        return response.setVersion(1)
                .setPayload(simulated.payload())
                .setEndorsement(peer.plan().sign(msp, simulated.payload()))
                .build();
    }
}
