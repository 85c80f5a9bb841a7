package dev.selvage.network;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.LedgerStatus.Chaincode;
import dev.selvage.network.internal.admin.AdminProtocol;
import dev.selvage.network.org.ChaincodeDefinition;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.OrganisationSigner;
import dev.selvage.network.org.SignaturePolicy;
import dev.selvage.network.org.SignedDefinition;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Client of a running embedded ledger: adds chaincodes and asks how it is. Thread-safe. */
public final class LedgerAdmin implements AutoCloseable {
    private static final long DEADLINE_SECONDS = 10;

    private final HostPort address;
    private final ManagedChannel channel;

    private LedgerAdmin(HostPort address, ManagedChannel channel) {
        this.address = address;
        this.channel = channel;
    }

    /**
     * Prepares a connection; none is made before the first call.
     *
     * @param peer any organisation's peer
     * @param tlsRoots certificate of that organisation's TLS authority, PEM
     */
    public static LedgerAdmin connect(HostPort peer, Path tlsRoots) {
        try {
            return new LedgerAdmin(
                    peer,
                    NettyChannelBuilder.forAddress(peer.host(), peer.port())
                            .sslContext(GrpcSslContexts.forClient()
                                    .trustManager(tlsRoots.toFile())
                                    .build())
                            .build());
        } catch (IOException | IllegalArgumentException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot read the TLS root " + tlsRoots, e);
        }
    }

    /**
     * How the ledger is now.
     *
     * @throws SelvageException LEDGER_UNREACHABLE
     */
    public LedgerStatus status() {
        return CanonicalJson.read(call(AdminProtocol.STATUS, ""), LedgerStatus.class);
    }

    /**
     * Defines a chaincode, or changes its definition; the same again changes nothing.
     *
     * @param admin of an organisation of the channel
     * @return the definition that holds now
     * @throws SelvageException NOT_PERMITTED when the signer is no admin; LEDGER_UNREACHABLE
     */
    public ChaincodeDefinition addChaincode(
            String name, String version, HostPort server, SignaturePolicy policy, OrganisationSigner admin) {
        Optional<Chaincode> held = status().chaincodes().stream()
                .filter(chaincode -> chaincode.name().equals(name))
                .findFirst();
        long sequence = held.map(Chaincode::sequence).orElse(0L) + 1;
        ChaincodeDefinition wanted = new ChaincodeDefinition(name, version, sequence, server, policy, Optional.empty());
        if (held.isPresent() && same(held.get(), wanted)) {
            return new ChaincodeDefinition(name, version, held.get().sequence(), server, policy, Optional.empty());
        }
        addChaincode(SignedDefinition.sign(wanted, admin));
        return wanted;
    }

    /** Sends a definition that has been signed elsewhere. */
    public void addChaincode(SignedDefinition signed) {
        call(AdminProtocol.ADD_CHAINCODE, signed.toJson());
    }

    private static boolean same(Chaincode held, ChaincodeDefinition wanted) {
        return held.version().equals(wanted.version())
                && held.address().equals(wanted.address().toString())
                && held.policy().equals(wanted.policy().toString());
    }

    private String call(MethodDescriptor<String, String> method, String request) {
        try {
            return ClientCalls.blockingUnaryCall(
                    channel,
                    method,
                    CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS),
                    request);
        } catch (StatusRuntimeException e) {
            throw SelvageException.fromWire(e.getStatus().getDescription()).orElseGet(() -> unreachable(e));
        }
    }

    private SelvageException unreachable(StatusRuntimeException e) {
        if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
            return new SelvageException(ErrorCode.NOT_SUPPORTED, address + " is not an embedded ledger", e);
        }
        return new SelvageException(
                ErrorCode.LEDGER_UNREACHABLE, "no embedded ledger answers at " + address + ": " + e.getStatus(), e);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
