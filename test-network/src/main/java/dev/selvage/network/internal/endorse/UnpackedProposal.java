package dev.selvage.network.internal.endorse;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.network.internal.store.BlockHashes;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.peer.ChaincodeHeaderExtension;
import org.hyperledger.fabric.protos.peer.ChaincodeInput;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.Proposal;
import org.hyperledger.fabric.protos.peer.SignedProposal;

/**
 * A proposal taken apart; nothing in it has been checked.
 *
 * @param payloadWithoutTransient what goes into the transaction
 * @param transientPresent whether the client sent transient data
 */
public record UnpackedProposal(
        SignedProposal signed,
        Header header,
        ChannelHeader channelHeader,
        SignatureHeader signatureHeader,
        String chaincode,
        ChaincodeInput input,
        ByteString payloadWithoutTransient,
        boolean transientPresent) {

    /** The proposal does not parse, or lacks what every proposal has; the message is Fabric's. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    public static UnpackedProposal of(SignedProposal signed) throws Malformed {
        try {
            Proposal proposal = Proposal.parseFrom(signed.getProposalBytes());
            Header header = Header.parseFrom(proposal.getHeader());
            ChannelHeader channelHeader = ChannelHeader.parseFrom(header.getChannelHeader());
            ChaincodeHeaderExtension extension = ChaincodeHeaderExtension.parseFrom(channelHeader.getExtension());
            ChaincodeProposalPayload payload = ChaincodeProposalPayload.parseFrom(proposal.getPayload());
            ChaincodeInvocationSpec invocation = ChaincodeInvocationSpec.parseFrom(payload.getInput());
            if (extension.getChaincodeId().getName().isEmpty()) {
                throw new Malformed("ChaincodeHeaderExtension.ChaincodeId.Name is empty");
            }
            if (!invocation.hasChaincodeSpec()) {
                throw new Malformed("chaincode invocation spec did not contain chaincode spec");
            }
            if (!invocation.getChaincodeSpec().hasInput()) {
                throw new Malformed("chaincode input did not contain any input");
            }
            return new UnpackedProposal(
                    signed,
                    header,
                    channelHeader,
                    SignatureHeader.parseFrom(header.getSignatureHeader()),
                    extension.getChaincodeId().getName(),
                    invocation.getChaincodeSpec().getInput(),
                    ChaincodeProposalPayload.newBuilder()
                            .setInput(payload.getInput())
                            .build()
                            .toByteString(),
                    payload.getTransientMapCount() > 0);
        } catch (InvalidProtocolBufferException e) {
            throw new Malformed("error unmarshalling Proposal: " + e.getMessage());
        }
    }

    public String channel() {
        return channelHeader.getChannelId();
    }

    public String txId() {
        return channelHeader.getTxId();
    }

    /** What ties a response to this proposal; transient data is no part of it. */
    ByteString hash() {
        return ByteString.copyFrom(BlockHashes.sha256(header.getChannelHeader()
                .concat(header.getSignatureHeader())
                .concat(payloadWithoutTransient)
                .toByteArray()));
    }
}
