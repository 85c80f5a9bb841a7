package dev.selvage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.agent.audit.AuditApi;
import dev.selvage.agent.audit.AuditApi.VerifyReport;
import dev.selvage.engine.BuiltinEngine;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.AuditState;
import dev.selvage.model.integrity.DataName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Audits between the nodes of two organisations. */
class AuditsTest extends AuditNetwork {
    @Test
    void intact_data_is_accepted_and_the_verdict_stands_on_the_ledger() throws IOException {
        data("intact", BuiltinEngine.CHECK);
        var anchored = anchor("intact", AuditMode.MERKLE);
        assertThat(anchored.version()).isEqualTo(1);
        assertThat(anchored.blocks()).isEqualTo(BLOCKS);
        var report = audit("intact", null);
        assertThat(report.accepted()).as(report.reason()).isTrue();
        assertThat(report.challenged()).isEqualTo(BLOCKS);
        var view = onLedger(report);
        assertThat(view.state()).isEqualTo(AuditState.ACCEPTED);
        assertThat(view.end().proof()).isEqualTo(view.proof().proof());
        assertThat(view.audit().buyer().msp()).isEqualTo("EwrMSP");
    }

    @Test
    void a_flipped_bit_is_found_and_its_block_named_and_restored_data_accepted_again() throws IOException {
        Path file = data("damaged", BuiltinEngine.CHECK);
        anchor("damaged", AuditMode.MERKLE);
        flip(file, 17L * BLOCK + 5);
        var report = audit("damaged", null);
        assertThat(report.accepted()).isFalse();
        assertThat(report.damaged()).containsExactly(17);
        assertThat(onLedger(report).end().block()).isEqualTo(17);
        assertThat(onLedger(report).state()).isEqualTo(AuditState.REJECTED);
        flip(file, 17L * BLOCK + 5);
        assertThat(audit("damaged", null).accepted()).isTrue();
    }

    @Test
    void masked_tags_are_audited_without_a_block_of_the_data() throws IOException {
        Path file = data("sectored", BuiltinEngine.CHECK);
        anchor("sectored", AuditMode.SECTORED);
        var report = audit("sectored", null);
        assertThat(report.mode()).isEqualTo(AuditMode.SECTORED);
        assertThat(report.accepted()).as(report.reason()).isTrue();
        assertThat(report.proofBytes()).isLessThan(Files.size(file) / 4);
        assertThat(audit("sectored", AuditMode.MERKLE).accepted()).isTrue();
        flip(file, 3L * BLOCK);
        assertThat(audit("sectored", null).damaged()).containsExactly(3);
        assertThat(audit("sectored", AuditMode.MERKLE).damaged()).containsExactly(3);
    }

    @Test
    void the_published_scheme_runs_end_to_end() throws IOException {
        Path file = data("paper", BuiltinEngine.CHECK);
        anchor("paper", AuditMode.PAPER);
        assertThat(audit("paper", null).accepted()).isTrue();
        flip(file, 3L * BLOCK);
        assertThat(audit("paper", null).accepted()).isFalse();
    }

    @Test
    void data_that_is_gone_or_cut_short_is_rejected() throws IOException {
        Path file = data("cut", BuiltinEngine.CHECK);
        anchor("cut", AuditMode.MERKLE);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, 10 * BLOCK));
        var report = audit("cut", null);
        assertThat(report.accepted()).isFalse();
        assertThat(report.damaged()).first().isEqualTo(10);
        Files.delete(file);
        report = audit("cut", null);
        assertThat(report.accepted()).isFalse();
        assertThat(report.reason()).startsWith("the prover has no proof");
        assertThat(onLedger(report).state()).isEqualTo(AuditState.REJECTED);
    }

    @Test
    void data_that_changed_on_purpose_is_anchored_as_the_next_version() throws IOException {
        Path file = data("versions", BuiltinEngine.CHECK);
        assertThat(anchor("versions", AuditMode.MERKLE).fresh()).isTrue();
        assertThat(anchor("versions", AuditMode.MERKLE).fresh()).isFalse();
        flip(file, 0);
        var second = anchor("versions", AuditMode.MERKLE);
        assertThat(second.fresh()).isTrue();
        assertThat(second.version()).isEqualTo(2);
        assertThat(audit("versions", null).version()).isEqualTo(2);
    }

    @Test
    void an_audit_without_a_grant_is_refused_and_aborted() throws IOException {
        data("private");
        anchor("private", AuditMode.MERKLE);
        refused(() -> audit("private", null), ErrorCode.GRANT_MISSING);
        refused(() -> audit("unknown", null), ErrorCode.ANCHOR_UNKNOWN);
    }

    @Test
    void a_whole_file_is_compared_with_its_anchor_and_differing_blocks_are_named() throws IOException {
        Path file = data("whole", BuiltinEngine.CHECK, BuiltinEngine.MOVE);
        anchor("whole", AuditMode.MERKLE);
        Path bought = Files.copy(file, folder.resolve("bought"));
        assertThat(verify("whole", bought).same()).isTrue();
        flip(bought, 9L * BLOCK + 1);
        flip(bought, 30L * BLOCK);
        var report = verify("whole", bought);
        assertThat(report.same()).isFalse();
        assertThat(report.differing()).containsExactly(9, 30);
        flip(bought, 9L * BLOCK + 1);
        flip(bought, 30L * BLOCK);
        Files.write(bought, new byte[] {1}, java.nio.file.StandardOpenOption.APPEND);
        assertThat(verify("whole", bought).differing()).containsExactly(BLOCKS - 1);
    }

    private static VerifyReport verify(String name, Path file) {
        return job(
                "EwrMSP",
                AuditApi.VERIFY,
                new AuditApi.VerifyOrder(new DataName("JfkMSP", name), file.toString(), null, null),
                VerifyReport.class);
    }

    @Test
    void a_whole_file_is_compared_only_by_those_who_may_have_it() throws IOException {
        Path file = data("secret", BuiltinEngine.CHECK);
        anchor("secret", AuditMode.MERKLE);
        refused(() -> verify("secret", file), ErrorCode.GRANT_MISSING);
    }
}
