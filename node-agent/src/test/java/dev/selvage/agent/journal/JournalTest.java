package dev.selvage.agent.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.agent.ledger.SignedTransaction;
import dev.selvage.engine.RunKey;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Failure;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.SelvageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final String TASK = "0123456789abcdef0123456789abcdef";
    private static final RunKey KEY = new RunKey(TASK, "sub", 0, 1, "ewr");

    @TempDir
    Path folder;

    @Test
    void keeps_facts_and_checkpoint_together_across_a_restart() {
        try (var journal = open()) {
            journal.block(
                    new Checkpoint(7, Digest.of(new byte[] {7})),
                    NewTasks.NONE,
                    List.of(created()),
                    Settlement.NONE,
                    1);
        }
        try (var journal = open()) {
            assertThat(journal.checkpoint()).contains(new Checkpoint(7, Digest.of(new byte[] {7})));
            assertThat(journal.entries()).containsExactly(created());
        }
    }

    @Test
    void a_block_that_fails_half_way_leaves_nothing() {
        try (var journal = open()) {
            var unwritable =
                    new LedgerEvent.Ready(TASK, "sub", 1, List.of(), List.of(), "say/1", Map.of(), Long.MAX_VALUE);
            var broken = new Noted(8, "tx", 1, List.of(unwritable));
            assertThatThrownBy(() -> journal.block(
                            new Checkpoint(8, Digest.of(new byte[] {8})),
                            NewTasks.NONE,
                            List.of(created(), broken),
                            Settlement.NONE,
                            1))
                    .isInstanceOf(SelvageException.class);
            assertThat(journal.checkpoint()).isEmpty();
            assertThat(journal.entries()).isEmpty();
        }
    }

    @Test
    void refuses_another_ledger() {
        try (var journal = open()) {
            journal.belongsTo(Map.of("genesis", "one"));
            assertThatThrownBy(() -> journal.belongsTo(Map.of("genesis", "two")))
                    .isInstanceOfSatisfying(
                            SelvageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LEDGER_MISMATCH));
        }
    }

    @Test
    void a_certified_result_is_never_replaced_by_another_computation() {
        try (var journal = open()) {
            journal.certified(KEY, item("FIRST"));
            journal.certified(KEY, item("SECOND"));
            assertThat(journal.part(KEY).orElseThrow().result()).contains(item("FIRST"));
        }
    }

    @Test
    void a_refused_result_gives_way_to_its_failure_unless_it_is_settled() {
        try (var journal = open()) {
            journal.certified(KEY, item("FIRST"));
            journal.replaced(KEY, item("REFUSED"));
            assertThat(journal.part(KEY).orElseThrow().result()).contains(item("REFUSED"));
            journal.settled(Map.of(KEY, "ADOPTED"));
            journal.replaced(KEY, item("LATE"));
            assertThat(journal.part(KEY).orElseThrow().result()).contains(item("REFUSED"));
        }
    }

    @Test
    void signed_bytes_survive_until_their_code_is_known() {
        var transaction = new SignedTransaction("tx1", new byte[] {1, 2, 3});
        try (var journal = open()) {
            journal.certified(KEY, item("FIRST"));
            journal.sent(new SentTransaction(transaction, List.of(KEY), 5));
        }
        try (var journal = open()) {
            assertThat(journal.unsettled()).hasSize(1);
            assertThat(journal.unsettled().get(0).transaction().bytes()).containsExactly(1, 2, 3);
            assertThat(journal.unsettled().get(0).parts()).containsExactly(KEY);
            var settled = new Settlement(List.of("tx1"), Map.of(KEY, "ACCEPTED"), List.of(), List.of());
            journal.block(new Checkpoint(9, Digest.of(new byte[] {9})), NewTasks.NONE, List.of(), settled, 1);
            assertThat(journal.unsettled()).isEmpty();
            assertThat(journal.part(KEY).orElseThrow().state()).isEqualTo(PartRow.State.SETTLED);
            assertThat(journal.isOwn("tx1")).isTrue();
            assertThat(journal.isOwn("tx2")).isFalse();
        }
    }

    @Test
    void facts_of_others_and_of_ended_tasks_are_not_kept() {
        try (var journal = open()) {
            journal.block(
                    new Checkpoint(1, Digest.of(new byte[] {1})),
                    NewTasks.NONE,
                    List.of(created()),
                    Settlement.NONE,
                    1);
            journal.notOurs(TASK);
            journal.block(
                    new Checkpoint(2, Digest.of(new byte[] {2})),
                    NewTasks.NONE,
                    List.of(created()),
                    Settlement.NONE,
                    1);
            assertThat(journal.entries()).isEmpty();
        }
    }

    private Journal open() {
        return Journal.open(folder.resolve("journal.db"));
    }

    private static Noted created() {
        return new Noted(
                7,
                "tx",
                1,
                List.of(new LedgerEvent.Created(
                        TASK, Digest.of(new byte[0]), "flow", "1.0.0", new Facts.Party("EwrMSP", "User1"))));
    }

    private static ResultItem item(String word) {
        return new ResultItem(
                TASK,
                "sub",
                0,
                1,
                "ewr",
                Map.of(),
                Map.of(),
                Failure.of(ErrorCode.ENGINE_FAILED, word),
                null,
                Map.of(),
                List.of(),
                Map.of(),
                List.of());
    }
}
