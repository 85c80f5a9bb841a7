package dev.selvage.network.internal.endorse;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.network.internal.access.AccessRules;
import dev.selvage.network.internal.chaincode.Failures;
import dev.selvage.network.internal.chaincode.Invocation;
import dev.selvage.network.internal.commit.Deployed;
import dev.selvage.network.internal.endorse.Endorsed.Failed;
import dev.selvage.network.internal.endorse.Endorsed.Refused;
import dev.selvage.network.internal.endorse.Endorsed.Simulated;
import dev.selvage.network.internal.endorse.SystemChaincodes.SystemChaincode;
import dev.selvage.network.internal.simulation.Simulation;
import dev.selvage.network.internal.store.LedgerStore;
import dev.selvage.network.org.ChannelOrganisations;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.ChaincodeID;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Response;
import org.hyperledger.fabric.protos.peer.SignedProposal;

/**
 * Runs proposals. All organisations' peers are in this process and have the same state, so a proposal is simulated once and each
 * peer that is asked signs the same response. Thread-safe.
 */
public final class Endorser {
    private static final int ERROR_THRESHOLD = 400;
    private static final int ERROR = 500;

    private final String channel;
    private final LedgerStore store;
    private final Deployed.Lookup chaincodes;
    private final Invocation.Runner runner;
    private final SystemChaincodes system;
    private final ProposalGuard guard;
    private final Executor executor;
    private final Map<SignedProposal, CompletableFuture<Endorsed>> inFlight = new ConcurrentHashMap<>();

    public Endorser(
            String channel,
            LedgerStore store,
            ChannelOrganisations organisations,
            AccessRules access,
            Deployed.Lookup chaincodes,
            Invocation.Runner runner,
            SystemChaincodes system,
            Clock clock,
            Executor executor) {
        this.channel = channel;
        this.store = store;
        this.chaincodes = chaincodes;
        this.runner = runner;
        this.system = system;
        this.guard = new ProposalGuard(access, organisations, system, store, clock);
        this.executor = executor;
    }

    /** Whether a proposal for this chaincode can run at all. */
    public boolean defined(String chaincode) {
        return system.has(chaincode) || chaincodes.find(chaincode).isPresent();
    }

    /**
     * Checks and runs a proposal; completes normally whatever comes of it. Whoever asks for the same proposal while it runs, as a
     * client does that asks every peer itself, gets the same answer.
     */
    public CompletableFuture<Endorsed> process(UnpackedProposal proposal) {
        CompletableFuture<Endorsed> mine = new CompletableFuture<>();
        CompletableFuture<Endorsed> running = inFlight.putIfAbsent(proposal.signed(), mine);
        if (running != null) {
            return running;
        }
        Failures.whenDone(started(proposal), (endorsed, failure) -> {
            inFlight.remove(proposal.signed());
            if (failure == null) {
                mine.complete(endorsed);
            } else {
                mine.completeExceptionally(failure);
            }
        });
        return mine;
    }

    private CompletableFuture<Endorsed> started(UnpackedProposal proposal) {
        try {
            return run(proposal);
        } catch (RuntimeException broken) {
            return CompletableFuture.failedFuture(broken);
        }
    }

    private CompletableFuture<Endorsed> run(UnpackedProposal proposal) {
        if (!proposal.channel().isEmpty() && !proposal.channel().equals(channel)) {
            return done(peerFailure("channel '" + proposal.channel() + "' not found"));
        }
        Optional<Refused> objection = guard.objection(proposal);
        if (objection.isPresent()) {
            return done(objection.get());
        }
        Optional<SystemChaincode> own = system.find(proposal.chaincode());
        if (own.isPresent()) {
            Response response = own.get().invoke(proposal.input());
            return done(outcome(proposal, response, "", ByteString.EMPTY, ByteString.EMPTY, List.of()));
        }
        Optional<Deployed> deployed = chaincodes.find(proposal.chaincode());
        if (deployed.isEmpty()) {
            return done(peerFailure("make sure the chaincode " + proposal.chaincode()
                    + " has been successfully defined on channel " + proposal.channel() + " and try again: chaincode "
                    + proposal.chaincode() + " not found"));
        }
        if (proposal.input().getIsInit()) {
            return done(notRun(
                    proposal,
                    "invalid invocation: chaincode '" + proposal.chaincode()
                            + "' does not require initialization but called as init"));
        }
        return simulate(proposal, deployed.get().version());
    }

    private CompletableFuture<Endorsed> simulate(UnpackedProposal proposal, String version) {
        Simulation simulation = new Simulation(proposal.txId(), store);
        Invocation invocation = new Invocation(
                channel, proposal.txId(), proposal.chaincode(), proposal.input(), proposal.signed(), simulation);
        return runner.run(invocation)
                .handleAsync(
                        (message, failure) -> failure == null
                                ? completed(proposal, version, simulation, message)
                                : notRun(proposal, Failures.message(failure)),
                        executor);
    }

    private static Endorsed completed(
            UnpackedProposal proposal, String version, Simulation simulation, ChaincodeMessage message) {
        if (message.getType() != ChaincodeMessage.Type.COMPLETED) {
            return peerFailure("error in simulation: transaction returned with failure: "
                    + message.getPayload().toStringUtf8());
        }
        Response response;
        try {
            response = Response.parseFrom(message.getPayload());
        } catch (InvalidProtocolBufferException e) {
            return notRun(proposal, "failed to unmarshal response for transaction");
        }
        return outcome(
                proposal,
                response,
                version,
                simulation.results(),
                event(proposal, message),
                namespaces(proposal.chaincode(), simulation));
    }

    /** The peer fills in which chaincode and transaction it is; what the chaincode said of that does not count. */
    private static ByteString event(UnpackedProposal proposal, ChaincodeMessage message) {
        if (!message.hasChaincodeEvent()) {
            return ByteString.EMPTY;
        }
        return ChaincodeEvent.newBuilder(message.getChaincodeEvent())
                .setChaincodeId(proposal.chaincode())
                .setTxId(proposal.txId())
                .build()
                .toByteString();
    }

    private static List<String> namespaces(String chaincode, Simulation simulation) {
        Set<String> counted = new LinkedHashSet<>(simulation.namespaces());
        // the one invoked counts even when it touched nothing: validation asks for its policy
        counted.add(chaincode);
        return List.copyOf(counted);
    }

    private static Endorsed outcome(
            UnpackedProposal proposal,
            Response response,
            String version,
            ByteString results,
            ByteString event,
            List<String> namespaces) {
        ByteString payload = ProposalResponsePayload.newBuilder()
                .setProposalHash(proposal.hash())
                .setExtension(ChaincodeAction.newBuilder()
                        .setResults(results)
                        .setEvents(event)
                        .setResponse(response)
                        .setChaincodeId(ChaincodeID.newBuilder()
                                .setName(proposal.chaincode())
                                .setVersion(version))
                        .build()
                        .toByteString())
                .build()
                .toByteString();
        if (response.getStatus() >= ERROR_THRESHOLD) {
            return new Failed(response, true, response.getStatus() >= ERROR ? Optional.of(payload) : Optional.empty());
        }
        return new Simulated(proposal, response, payload, namespaces);
    }

    private static Endorsed notRun(UnpackedProposal proposal, String reason) {
        return peerFailure("error in simulation: failed to execute transaction " + proposal.txId() + ": " + reason);
    }

    private static Endorsed peerFailure(String message) {
        return new Failed(
                Response.newBuilder().setStatus(ERROR).setMessage(message).build(), false, Optional.empty());
    }

    private static CompletableFuture<Endorsed> done(Endorsed endorsed) {
        return CompletableFuture.completedFuture(endorsed);
    }
}
