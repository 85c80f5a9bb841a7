package dev.selvage.network;

import dev.selvage.network.contract.LedgerUnderTest;
import dev.selvage.network.internal.chaincode.FakeChaincode;
import dev.selvage.network.org.ChaincodeDefinition;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.Organisations;
import dev.selvage.network.org.SignaturePolicy;
import dev.selvage.network.org.SignedDefinition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;

/** An embedded ledger in the test's own process, so that faults can be let in, with a chaincode that a test scripts. */
final class InProcessLedger implements LedgerUnderTest {
    private final EmbeddedLedgerConfig config;
    private EmbeddedLedger ledger;

    InProcessLedger(Path folder) {
        this(EmbeddedLedgerConfig.of(folder).onFreePorts());
    }

    InProcessLedger(EmbeddedLedgerConfig config) {
        this.ledger = EmbeddedLedger.open(config);
        this.config = config.withPorts(
                config.organisations().peers().stream()
                        .map(name -> ledger.endpoints().peers().get(name.msp()).port())
                        .toList(),
                ledger.endpoints().orderers().get(0).port());
    }

    EmbeddedLedger ledger() {
        return ledger;
    }

    /** Deploys under that name, for any one organisation to endorse, and waits until it is connected. */
    void deploy(String name, FakeChaincode chaincode) {
        ledger.addChaincode(sign(name, 1, chaincode.address(), "OR('EwrMSP.peer','JfkMSP.peer','LgaMSP.peer')"));
        awaitConnected(name);
    }

    SignedDefinition sign(String name, long sequence, HostPort address, String policy) {
        return SignedDefinition.sign(
                new ChaincodeDefinition(
                        name, "1.0", sequence, address, SignaturePolicy.parse(policy), Optional.empty()),
                organisations().get("EwrMSP").signer("Admin"));
    }

    void awaitConnected(String name) {
        Awaitility.await(name + " is connected")
                .atMost(Duration.ofSeconds(20))
                .until(() -> ledger.status().chaincodes().stream()
                        .anyMatch(one -> one.name().equals(name) && one.connected()));
    }

    /** A chaincode with the functions get, put, create (get, then put) and fail. */
    static FakeChaincode keyValues(String name) {
        return new FakeChaincode(name, call -> {
            List<String> arguments = call.arguments();
            return switch (arguments.get(0)) {
                case "get" -> FakeChaincode.success(call.get(arguments.get(1)));
                case "put" -> {
                    call.put(arguments.get(1), arguments.get(2));
                    call.event("Put");
                    yield FakeChaincode.success(arguments.get(2));
                }
                case "create" -> {
                    if (!call.get(arguments.get(1)).isEmpty()) {
                        yield FakeChaincode.failure(arguments.get(1) + " is there");
                    }
                    call.put(arguments.get(1), arguments.get(2));
                    yield FakeChaincode.success(arguments.get(2));
                }
                default -> FakeChaincode.failure("no such function");
            };
        });
    }

    @Override
    public Organisations organisations() {
        return ledger.organisations();
    }

    @Override
    public HostPort gateway(String msp) {
        return ledger.endpoints().peers().get(msp);
    }

    @Override
    public void restart() {
        ledger.close();
        ledger = EmbeddedLedger.open(config);
    }

    @Override
    public void kill() {
        throw new UnsupportedOperationException("it shares the test's process");
    }

    @Override
    public void close() {
        ledger.close();
    }
}
