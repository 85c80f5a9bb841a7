package dev.selvage.network.internal.admin;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The two calls of the admin service, JSON text both ways. */
public final class AdminProtocol {
    static final String SERVICE = "selvage.network.Admin";
    private static final int LARGEST = 1024 * 1024;

    /** A signed chaincode definition; answers an empty text. */
    public static final MethodDescriptor<String, String> ADD_CHAINCODE = method("AddChaincode");

    /** An empty text; answers a LedgerStatus. */
    public static final MethodDescriptor<String, String> STATUS = method("Status");

    private AdminProtocol() {}

    private static MethodDescriptor<String, String> method(String name) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setRequestMarshaller(Text.INSTANCE)
                .setResponseMarshaller(Text.INSTANCE)
                .build();
    }

    private enum Text implements MethodDescriptor.Marshaller<String> {
        INSTANCE;

        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readNBytes(LARGEST), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
