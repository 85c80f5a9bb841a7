package dev.selvage.agent.ledger;

import dev.selvage.model.Digest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A ledger of which a test gives what its subject calls; all else is a defect. */
public class LedgerStub implements Ledger {
    @Override
    public Digest genesis() {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] configBlock() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long height() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String evaluate(String function, Object argument) {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] evaluate(String chaincode, String function, List<String> arguments) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Endorsed endorse(String function, Object argument) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void submit(SignedTransaction transaction) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<String> status(SignedTransaction transaction, Duration within) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void follow(long from, BlockListener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
