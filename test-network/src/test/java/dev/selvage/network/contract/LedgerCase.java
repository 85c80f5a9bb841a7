package dev.selvage.network.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.network.org.Organisations;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.hyperledger.fabric.client.SubmitException;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.protos.gateway.ErrorDetail;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/** What all parts of the contract test share. Keys are fresh in every test, so that tests do not meet each other's state. */
interface LedgerCase {
    LedgerUnderTest ledger();

    /** The long-lived client of User1 of EwrMSP. */
    TestClient ewr();

    default Organisations organisations() {
        return ledger().organisations();
    }

    default TestClient connect(String msp, String name) {
        return TestClient.connect(ledger(), msp, name);
    }

    default String freshKey() {
        return "k" + UUID.randomUUID().toString().replace("-", "");
    }

    default TxValidationCode code(SubmittedTransaction sent) throws GatewayException {
        return sent.getStatus().getCode();
    }

    /**
     * Submits a copy of a committed transaction. A Raft orderer takes it, and it becomes DUPLICATE_TXID; BFT orderers that remember it
     * refuse it at once.
     *
     * @return empty when it was refused
     */
    default Optional<SubmittedTransaction> submitCopy(Transaction transaction) throws GatewayException {
        try {
            return Optional.of(
                    ewr().gateway().newTransaction(transaction.getBytes()).submitAsync());
        } catch (SubmitException e) {
            assertThat(e.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
            assertThat(e.getDetails())
                    .allSatisfy(detail -> assertThat(detail.getMessage()).contains("request already processed"));
            return Optional.empty();
        }
    }

    /** What a refused call told its client. */
    record Refusal(Code code, String message, List<ErrorDetail> details) {
        /** The client's message and those of the peers in one text. */
        String all() {
            StringBuilder all = new StringBuilder(message);
            details.forEach(detail ->
                    all.append(" | ").append(detail.getMspId()).append(": ").append(detail.getMessage()));
            return all.toString();
        }
    }

    default Refusal refusal(ThrowingCallable call) {
        try {
            call.call();
        } catch (GatewayException e) {
            return new Refusal(e.getStatus().getCode(), e.getMessage(), e.getDetails());
        } catch (GatewayRuntimeException e) {
            return new Refusal(e.getStatus().getCode(), e.getMessage(), e.getDetails());
        } catch (Throwable other) {
            throw new AssertionError("expected a refusal by the ledger", other);
        }
        assertThat(false).as("expected a refusal by the ledger").isTrue();
        throw new AssertionError();
    }
}
