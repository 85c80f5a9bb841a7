package dev.selvage.network.internal.admin;

import dev.selvage.model.SelvageException;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.function.UnaryOperator;

/** Serves {@link AdminProtocol}. What a definition may do is decided by its signature, not by who sends it. */
public final class AdminService implements BindableService {
    private final UnaryOperator<String> addChaincode;
    private final UnaryOperator<String> status;

    public AdminService(UnaryOperator<String> addChaincode, UnaryOperator<String> status) {
        this.addChaincode = addChaincode;
        this.status = status;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerServiceDefinition.builder(AdminProtocol.SERVICE)
                .addMethod(
                        AdminProtocol.ADD_CHAINCODE,
                        ServerCalls.asyncUnaryCall((request, client) -> answer(addChaincode, request, client)))
                .addMethod(
                        AdminProtocol.STATUS,
                        ServerCalls.asyncUnaryCall((request, client) -> answer(status, request, client)))
                .build();
    }

    private static void answer(UnaryOperator<String> function, String request, StreamObserver<String> client) {
        try {
            client.onNext(function.apply(request));
            client.onCompleted();
        } catch (SelvageException e) {
            client.onError(
                    Status.FAILED_PRECONDITION.withDescription(e.toWire()).asRuntimeException());
        }
    }
}
