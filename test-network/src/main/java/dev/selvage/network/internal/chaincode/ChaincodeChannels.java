package dev.selvage.network.internal.chaincode;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.ChaincodeDefinition;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Opens gRPC channels to chaincode servers, in plain text or with mutual TLS as the definition says. */
final class ChaincodeChannels {
    private static final int LARGEST_MESSAGE = 100 * 1024 * 1024;

    private ChaincodeChannels() {}

    /**
     * A channel that connects when it is used.
     *
     * @throws SelvageException FILE_UNREADABLE when the certificates that the definition names cannot be read
     */
    static ManagedChannel open(ChaincodeDefinition definition) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(
                        definition.address().host(), definition.address().port())
                .directExecutor()
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .keepAliveTime(1, TimeUnit.MINUTES);
        definition.tls().ifPresentOrElse(tls -> secure(builder, tls), builder::usePlaintext);
        return builder.build();
    }

    private static void secure(NettyChannelBuilder builder, ChaincodeDefinition.Tls tls) {
        try {
            builder.sslContext(GrpcSslContexts.forClient()
                    .trustManager(new File(tls.root()))
                    .keyManager(new File(tls.certificate()), new File(tls.key()))
                    .build());
        } catch (IOException | IllegalArgumentException e) {
            throw new SelvageException(
                    ErrorCode.FILE_UNREADABLE, "cannot read the TLS files of a chaincode: " + tls.certificate(), e);
        }
    }
}
