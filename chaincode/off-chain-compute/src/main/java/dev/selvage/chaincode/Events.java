package dev.selvage.chaincode;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.Limits;
import dev.selvage.model.SelvageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The facts of the transaction's one event, in the order in which they arose (LEDGER.md, rule 14). */
final class Events {
    private final List<LedgerEvent.Entry> facts = new ArrayList<>();

    void add(LedgerEvent.Entry fact) {
        facts.add(fact);
    }

    List<LedgerEvent.Entry> facts() {
        return List.copyOf(facts);
    }

    /** The event's payload, empty when nothing happened. Input sources are left out when it would be too long with them. */
    Optional<byte[]> payload() {
        if (facts.isEmpty()) {
            return Optional.empty();
        }
        byte[] payload = CanonicalJson.bytes(new LedgerEvent(1, facts));
        if (payload.length > Limits.EVENT) {
            payload = CanonicalJson.bytes(
                    new LedgerEvent(1, facts.stream().map(Events::brief).toList()));
        }
        if (payload.length > Limits.EVENT) {
            throw new SelvageException(
                    ErrorCode.TRANSACTION_TOO_LARGE, "The transaction's event would be longer than 64 KiB.");
        }
        return Optional.of(payload);
    }

    private static LedgerEvent.Entry brief(LedgerEvent.Entry fact) {
        if (fact instanceof LedgerEvent.Ready ready) {
            return new LedgerEvent.Ready(
                    ready.task(),
                    ready.subTask(),
                    ready.attempt(),
                    ready.parts(),
                    ready.nodes(),
                    ready.operation(),
                    Map.of(),
                    ready.notBefore());
        }
        return fact;
    }
}
