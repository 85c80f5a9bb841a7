package dev.selvage.agent.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.DataName;
import dev.selvage.model.integrity.MetadataFacts.AuditFact;
import dev.selvage.model.integrity.MetadataFacts.Times;
import dev.selvage.proofs.Anchor;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditTimesTest {
    private static final Anchor ANCHOR = new Anchor(new byte[32], 1, 10_000, 10_000L * 65_536, 65_536, new byte[32]);

    private static AuditFact audit(AuditMode mode, int count, Times times) {
        var none = Digest.of(new byte[0]);
        return new AuditFact(
                "a",
                new DataName("JfkMSP", "d"),
                1,
                mode,
                count,
                none,
                0,
                new Facts.Party("EwrMSP", "u"),
                none,
                List.of(),
                times,
                0,
                null,
                0,
                "t");
    }

    /** A buyer could otherwise pin on an honest seller that no proof came. */
    @Test
    void an_audit_that_leaves_no_time_for_the_proof_is_not_answered() {
        for (var times : List.of(
                new Times(1000, 1000, 1000, 1000),
                new Times(60_000, 60_000, 60_000, 1000), // the reveal may come at its last moment
                new Times(60_000, 60_000, 90_000, 1000))) { // 460 blocks at 1 MiB/s take 29 s
            assertThatThrownBy(() -> AuditTimes.requireEnough(audit(AuditMode.MERKLE, 460, times), ANCHOR))
                    .isInstanceOfSatisfying(SelvageException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_TIME_SHORT);
                        assertThat(e.parameters()).containsKey("prove");
                    });
        }
    }

    @Test
    void what_a_buyers_node_gives_is_enough() {
        for (AuditMode mode : AuditMode.values()) {
            for (int count : new int[] {1, 460, 10_000}) {
                var given = new AuditTimes(AuditTimes.STEP).given(mode, ANCHOR, count);
                AuditTimes.requireEnough(audit(mode, count, given), ANCHOR);
            }
        }
    }
}
