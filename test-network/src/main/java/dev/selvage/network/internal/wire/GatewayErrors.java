package dev.selvage.network.internal.wire;

import com.google.protobuf.Any;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import java.util.List;
import org.hyperledger.fabric.protos.gateway.ErrorDetail;

/** Errors as Fabric's gateway sends them: a status, and per peer a detail inside {@code grpc-status-details-bin}. */
final class GatewayErrors {
    private static final Metadata.Key<com.google.rpc.Status> DETAILS = Metadata.Key.of(
            "grpc-status-details-bin", ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance()));
    private static final String TYPE_PREFIX = "type.googleapis.com";

    private GatewayErrors() {}

    static StatusRuntimeException of(Status.Code code, String message) {
        return Status.fromCode(code).withDescription(message).asRuntimeException();
    }

    static StatusRuntimeException of(Status.Code code, String message, List<ErrorDetail> details) {
        com.google.rpc.Status.Builder status =
                com.google.rpc.Status.newBuilder().setCode(code.value()).setMessage(message);
        details.forEach(detail -> status.addDetails(Any.pack(detail, TYPE_PREFIX)));
        Metadata trailers = new Metadata();
        trailers.put(DETAILS, status.build());
        return Status.fromCode(code).withDescription(message).asRuntimeException(trailers);
    }
}
