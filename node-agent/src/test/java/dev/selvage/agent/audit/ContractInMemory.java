package dev.selvage.agent.audit;

import dev.selvage.agent.ledger.LedgerStub;
import dev.selvage.agent.ledger.SignedTransaction;
import dev.selvage.contract.testing.Identity;
import dev.selvage.contract.testing.MemoryLedger;
import dev.selvage.model.CanonicalJson;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The metadata contract itself on a ledger in memory, as one member of the channel reaches it. */
final class ContractInMemory extends LedgerStub {
    private final MemoryLedger ledger;
    private final Identity member;
    private final Map<String, MemoryLedger.Endorsed> endorsed = new HashMap<>();

    ContractInMemory(MemoryLedger ledger, Identity member) {
        this.ledger = ledger;
        this.member = member;
    }

    @Override
    public String evaluate(String function, Object argument) {
        return ledger.endorse(member, function, argument).answer();
    }

    @Override
    public Endorsed endorse(String function, Object argument) {
        var transaction = ledger.endorse(member, List.of(function, CanonicalJson.text(argument)));
        endorsed.put(transaction.txid(), transaction);
        return new Endorsed(new SignedTransaction(transaction.txid(), new byte[0]), transaction.answer());
    }

    @Override
    public Optional<String> status(SignedTransaction transaction, Duration within) {
        return Optional.of(ledger.commit(List.of(endorsed.remove(transaction.txid())))
                .get(0)
                .name());
    }
}
