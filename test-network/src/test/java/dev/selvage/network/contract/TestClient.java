package dev.selvage.network.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.OrganisationSigner;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.Network;
import org.hyperledger.fabric.client.Proposal;
import org.hyperledger.fabric.client.Status;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.client.identity.X509Identity;

/** An unchanged fabric-gateway client of one identity, with deadlines, so that a ledger that is silent fails a test soon. */
public final class TestClient implements AutoCloseable {
    private static final long DEADLINE_SECONDS = 40;

    private final ManagedChannel channel;
    private final Gateway gateway;

    private TestClient(ManagedChannel channel, Gateway gateway) {
        this.channel = channel;
        this.gateway = gateway;
    }

    /** Connects as an identity of the organisation to the organisation's own peer. */
    public static TestClient connect(LedgerUnderTest ledger, String msp, String name) {
        Organisation organisation = ledger.organisations().get(msp);
        return connect(ledger, msp, organisation.signer(name));
    }

    /** Connects as whoever signs to a peer of the named organisation. */
    public static TestClient connect(LedgerUnderTest ledger, String peerMsp, OrganisationSigner signer) {
        return connect(ledger.organisations().get(peerMsp), ledger.gateway(peerMsp), signer);
    }

    static TestClient connect(Organisation peer, HostPort address, OrganisationSigner signer) {
        try {
            ManagedChannel channel = Grpc.newChannelBuilder(
                            address.toString(),
                            TlsChannelCredentials.newBuilder()
                                    .trustManager(
                                            peer.identity("peer0").tls().roots().toFile())
                                    .build())
                    .overrideAuthority("peer0." + peer.domain())
                    .build();
            Gateway gateway = Gateway.newInstance()
                    .connection(channel)
                    .identity(new X509Identity(signer.msp(), signer.certificate()))
                    .signer(signer::signDigest)
                    .evaluateOptions(options -> options.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .endorseOptions(options -> options.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .submitOptions(options -> options.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .commitStatusOptions(options -> options.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .chaincodeEventsOptions(options -> options.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .blockEventsOptions(options -> options.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .filteredBlockEventsOptions(
                            options -> options.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .connect();
            return new TestClient(channel, gateway);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Gateway gateway() {
        return gateway;
    }

    public ManagedChannel channel() {
        return channel;
    }

    public Network network() {
        return gateway.getNetwork(LedgerUnderTest.CHANNEL);
    }

    public Contract contract(LedgerUnderTest.Deployment deployment) {
        return network().getContract(deployment.chaincode());
    }

    /** Evaluates a function of the default deployment. */
    public String evaluate(String function, String... arguments) throws GatewayException {
        return new String(contract(LedgerUnderTest.Deployment.ASSETS).evaluateTransaction(function, arguments), UTF_8);
    }

    /** Submits to the default deployment, waits for the commit and insists on VALID. */
    public String submit(String function, String... arguments) throws GatewayException {
        SubmittedTransaction sent = send(LedgerUnderTest.Deployment.ASSETS, function, arguments);
        Status status = sent.getStatus();
        if (!status.isSuccessful()) {
            throw new AssertionError(function + " was committed as " + status.getCode());
        }
        return new String(sent.getResult(), UTF_8);
    }

    /** Endorses and hands to the orderer; the status is still to be asked for. */
    public SubmittedTransaction send(LedgerUnderTest.Deployment deployment, String function, String... arguments)
            throws GatewayException {
        return proposal(deployment, function, arguments).endorse().submitAsync();
    }

    public Proposal proposal(LedgerUnderTest.Deployment deployment, String function, String... arguments) {
        return contract(deployment)
                .newProposal(function)
                .addArguments(arguments)
                .build();
    }

    /** Evaluates with transient data beside the arguments. */
    public String evaluateTransient(Map<String, byte[]> secret, String function, String... arguments)
            throws GatewayException {
        return new String(
                contract(LedgerUnderTest.Deployment.ASSETS)
                        .newProposal(function)
                        .addArguments(arguments)
                        .putAllTransient(secret)
                        .build()
                        .evaluate(),
                UTF_8);
    }

    @Override
    public void close() {
        gateway.close();
        channel.shutdownNow();
        try {
            if (!channel.awaitTermination(Duration.ofSeconds(5).toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the client's channel does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
