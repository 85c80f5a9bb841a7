package dev.selvage.network.internal.endorse;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.hyperledger.fabric.protos.peer.Response;

/** What came of a proposal. */
public sealed interface Endorsed {

    /** Calls the function of the case that holds. */
    <T> T fold(Function<Simulated, T> simulated, Function<Failed, T> failed, Function<Refused, T> refused);

    /**
     * A chaincode answered with a status below 400; peers can sign it.
     *
     * @param payload the ProposalResponsePayload
     * @param namespaces chaincodes whose policies count
     */
    record Simulated(UnpackedProposal proposal, Response response, ByteString payload, List<String> namespaces)
            implements Endorsed {
        @Override
        public <T> T fold(Function<Simulated, T> simulated, Function<Failed, T> failed, Function<Refused, T> refused) {
            return simulated.apply(this);
        }
    }

    /**
     * No endorsement: the chaincode said no, or did not answer.
     *
     * @param response with the chaincode's status, or 500 and the peer's message
     * @param byChaincode whether the chaincode itself answered
     * @param payload the ProposalResponsePayload that Fabric sends along for a status of 500 and more
     */
    record Failed(Response response, boolean byChaincode, Optional<ByteString> payload) implements Endorsed {
        /** As a gateway names it to its client. */
        public String message() {
            return byChaincode
                    ? "chaincode response " + response.getStatus() + ", " + response.getMessage()
                    : response.getMessage();
        }

        @Override
        public <T> T fold(Function<Simulated, T> simulated, Function<Failed, T> failed, Function<Refused, T> refused) {
            return failed.apply(this);
        }
    }

    /**
     * The proposal was not run: malformed, not signed by a member, repeated, or out of time.
     *
     * @param byFilter whether it did not even come as far as the endorser, which clients see as a peer that is not there
     */
    record Refused(String message, boolean byFilter) implements Endorsed {
        @Override
        public <T> T fold(Function<Simulated, T> simulated, Function<Failed, T> failed, Function<Refused, T> refused) {
            return refused.apply(this);
        }
    }
}
