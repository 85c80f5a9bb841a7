package dev.selvage.network.internal.endorse;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.network.internal.endorse.SystemChaincodes.SystemChaincode;
import dev.selvage.network.org.ChaincodeDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.hyperledger.fabric.protos.peer.ApplicationPolicy;
import org.hyperledger.fabric.protos.peer.ChaincodeInput;
import org.hyperledger.fabric.protos.peer.Response;
import org.hyperledger.fabric.protos.peer.lifecycle.QueryChaincodeDefinitionArgs;
import org.hyperledger.fabric.protos.peer.lifecycle.QueryChaincodeDefinitionResult;
import org.hyperledger.fabric.protos.peer.lifecycle.QueryChaincodeDefinitionsResult;

/** _lifecycle, as far as it is asked what is committed; definitions themselves come by {@code network chaincode add}. */
public final class LifecycleSystemChaincode implements SystemChaincode {
    private final List<String> msps;
    private final Supplier<List<ChaincodeDefinition>> definitions;

    /**
     * Answers from these definitions.
     *
     * @param msps organisations, all of which count as having approved
     */
    public LifecycleSystemChaincode(List<String> msps, Supplier<List<ChaincodeDefinition>> definitions) {
        this.msps = List.copyOf(msps);
        this.definitions = definitions;
    }

    @Override
    public Response invoke(ChaincodeInput input) {
        String function = input.getArgsCount() == 0 ? "" : input.getArgs(0).toStringUtf8();
        return switch (function) {
            case "QueryChaincodeDefinition" -> definition(input);
            case "QueryChaincodeDefinitions" -> all();
            default ->
                Responses.error("_lifecycle function '" + function
                        + "' is not supported by the embedded ledger: chaincodes are added with \"selvage network chaincode"
                        + " add\"");
        };
    }

    private Response definition(ChaincodeInput input) {
        String name;
        try {
            name = QueryChaincodeDefinitionArgs.parseFrom(
                            input.getArgsCount() < 2 ? ByteString.EMPTY : input.getArgs(1))
                    .getName();
        } catch (InvalidProtocolBufferException e) {
            return Responses.error("failed to invoke backing implementation of 'QueryChaincodeDefinition': "
                    + "the argument does not parse");
        }
        Optional<ChaincodeDefinition> definition = definitions.get().stream()
                .filter(one -> one.name().equals(name))
                .findFirst();
        if (definition.isEmpty()) {
            return Responses.error("failed to invoke backing implementation of 'QueryChaincodeDefinition': namespace "
                    + name + " is not defined");
        }
        Map<String, Boolean> approvals = new HashMap<>();
        msps.forEach(msp -> approvals.put(msp, true));
        return Responses.success(QueryChaincodeDefinitionResult.newBuilder()
                .setSequence(definition.get().sequence())
                .setVersion(definition.get().version())
                .setEndorsementPlugin("escc")
                .setValidationPlugin("vscc")
                .setValidationParameter(policy(definition.get()))
                .putAllApprovals(approvals)
                .build()
                .toByteString());
    }

    private Response all() {
        QueryChaincodeDefinitionsResult.Builder result = QueryChaincodeDefinitionsResult.newBuilder();
        for (ChaincodeDefinition definition : definitions.get()) {
            result.addChaincodeDefinitions(QueryChaincodeDefinitionsResult.ChaincodeDefinition.newBuilder()
                    .setName(definition.name())
                    .setSequence(definition.sequence())
                    .setVersion(definition.version())
                    .setEndorsementPlugin("escc")
                    .setValidationPlugin("vscc")
                    .setValidationParameter(policy(definition)));
        }
        return Responses.success(result.build().toByteString());
    }

    private static ByteString policy(ChaincodeDefinition definition) {
        return ApplicationPolicy.newBuilder()
                .setSignaturePolicy(definition.policy().toProto())
                .build()
                .toByteString();
    }
}
