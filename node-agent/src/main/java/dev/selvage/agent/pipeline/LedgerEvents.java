package dev.selvage.agent.pipeline;

import dev.selvage.agent.journal.Checkpoint;
import dev.selvage.agent.journal.Journal;
import dev.selvage.agent.journal.Noted;
import dev.selvage.agent.ledger.LedgerBlock;
import dev.selvage.engine.RunKey;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts.TaskFact;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The first step: what a block says, with the watch against another ledger and against a twin (LEDGER.md, "Agent and ledger").
 */
final class LedgerEvents {
    private final NodeId self;
    private final Predicate<Digest> own;
    private final Journal journal;
    private Checkpoint checkpoint;
    private long caughtUpAt = Long.MAX_VALUE;

    /**
     * @param own tells by the creator in a block whether this node made a transaction
     */
    LedgerEvents(NodeId self, Predicate<Digest> own, Journal journal) {
        this.self = self;
        this.own = own;
        this.journal = journal;
        this.checkpoint = journal.checkpoint().orElse(null);
    }

    /** The block to begin with: that of the checkpoint once more, so that its hash is compared. */
    long from() {
        return checkpoint == null ? 0 : checkpoint.block();
    }

    long block() {
        return checkpoint == null ? -1 : checkpoint.block();
    }

    /** The height of the ledger at the start: results of this node up to there are its own of earlier. */
    void caughtUpAt(long height) {
        this.caughtUpAt = height;
    }

    boolean caughtUp() {
        return checkpoint != null && checkpoint.block() + 1 >= caughtUpAt;
    }

    /**
     * What a block says.
     *
     * @param facts of the followed contract, in ledger order
     * @param codes validation codes by transaction, of this node's organisation
     * @param created tasks that it created
     * @param deployed arguments of the deployments in it
     */
    record News(
            Checkpoint checkpoint,
            List<Noted> facts,
            Map<String, String> codes,
            List<TaskFact> created,
            List<String> deployed) {
        /** Attempts that have a result now. */
        List<RunKey> results() {
            List<RunKey> keys = new ArrayList<>();
            facts.stream().flatMap(fact -> fact.entries().stream()).forEach(entry -> {
                if (entry instanceof LedgerEvent.Result r) {
                    keys.add(new RunKey(r.task(), r.subTask(), r.index(), r.attempt(), r.role()));
                }
            });
            return keys;
        }

        /** Tasks that ended. */
        List<String> ended() {
            return facts.stream()
                    .filter(fact -> fact.entries().stream().anyMatch(LedgerEvent.End.class::isInstance))
                    .map(Noted::task)
                    .toList();
        }
    }

    /**
     * Reads a block; empty when it has been taken already.
     *
     * @throws SelvageException LEDGER_MISMATCH, TWIN_DETECTED: the node must stop
     */
    Optional<News> read(LedgerBlock block) {
        if (checkpoint != null && block.number() <= checkpoint.block()) {
            compare(block);
            return Optional.empty();
        }
        List<Noted> facts = new ArrayList<>();
        Map<String, String> codes = new HashMap<>();
        List<TaskFact> created = new ArrayList<>();
        List<String> deployed = new ArrayList<>();
        for (LedgerBlock.Transaction transaction : block.transactions()) {
            boolean ours = transaction.msp().equals(self.msp());
            if (ours) { // of whatever certificate: the one before a restart may have been another
                codes.putIfAbsent(transaction.txid(), transaction.code());
            }
            boolean mine = ours && own.test(transaction.creator());
            transaction.task().ifPresent(created::add);
            if (transaction.valid() && transaction.function().equals(ContractApi.DEPLOY_WORKFLOW)) {
                deployed.add(transaction.argument());
            }
            if (transaction.event().isPresent()) {
                var event = transaction.event().get();
                if (mine) {
                    refuseTwin(block, transaction, event);
                }
                event.byTask()
                        .values()
                        .forEach(entries ->
                                facts.add(new Noted(block.number(), transaction.txid(), transaction.at(), entries)));
            }
        }
        return Optional.of(new News(new Checkpoint(block.number(), block.hash()), facts, codes, created, deployed));
    }

    /** The block is in the journal. */
    void taken(News news) {
        checkpoint = news.checkpoint();
    }

    private void compare(LedgerBlock block) {
        if (block.number() == checkpoint.block() && !block.hash().equals(checkpoint.hash())) {
            throw new SelvageException(
                    ErrorCode.LEDGER_MISMATCH,
                    "Block " + block.number() + " of this ledger is " + block.hash() + ", the journal knows "
                            + checkpoint.hash() + ".");
        }
    }

    private void refuseTwin(LedgerBlock block, LedgerBlock.Transaction transaction, LedgerEvent event) {
        boolean mine = transaction.function().equals(ContractApi.SUBMIT_RESULTS)
                && event.facts().stream()
                        .anyMatch(entry -> entry instanceof LedgerEvent.Result result && self.equals(result.node()));
        if (mine && block.number() >= caughtUpAt && !journal.isOwn(transaction.txid())) {
            throw new SelvageException(
                    ErrorCode.TWIN_DETECTED,
                    "Transaction " + transaction.txid() + " holds a result of " + self
                            + ", signed with this node's key, that this node did not send.");
        }
    }
}
