package dev.selvage.cli.internal.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.cli.internal.doctor.Finding.Level;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FindingsTest {
    private static final DoctorSettings SETTINGS = new DoctorSettings(
            Duration.ofSeconds(2), Duration.ofDays(30), Optional.empty(), OptionalLong.empty(), "1.0");

    private final List<Finding> told = new ArrayList<>();
    private final Findings findings = new Findings(told::add);
    private final LedgerChecks ledger = new LedgerChecks(findings, SETTINGS);
    private final NodeChecks nodes = new NodeChecks(findings, ledger, SETTINGS, Map.of());

    private Finding last() {
        return told.get(told.size() - 1);
    }

    @Test
    void clocks_count_as_apart_only_as_far_as_the_way_of_measuring_leaves_no_doubt() {
        nodes.skew("EwrMSP/node1 -> JfkMSP/node1", "clocks", -5_000, 10);
        assertThat(last().level()).isEqualTo(Level.FAIL);
        assertThat(last().code()).isEqualTo(ErrorCode.CLOCK_SKEW);
        assertThat(last().sentence()).contains("5000 ms behind").contains("more than 2 s");
        nodes.skew("EwrMSP/node1 -> JfkMSP/node1", "clocks", 2_100, 400);
        assertThat(last().level()).isEqualTo(Level.OK);
    }

    @Test
    void certificates_are_warned_of_before_they_expire_and_fail_after() {
        ledger.term("EwrMSP", "identity", Instant.now().plus(Duration.ofDays(12)));
        assertThat(last().level()).isEqualTo(Level.WARN);
        assertThat(last().code()).isEqualTo(ErrorCode.CERTIFICATE_EXPIRING);
        ledger.term("EwrMSP", "identity", Instant.now().minusSeconds(1));
        assertThat(last().level()).isEqualTo(Level.FAIL);
        assertThat(last().code()).isEqualTo(ErrorCode.CERTIFICATE_EXPIRED);
        ledger.term("EwrMSP", "identity", Instant.now().plus(Duration.ofDays(400)));
        assertThat(told).hasSize(2);
    }

    @Test
    void fault_of_a_check_is_a_finding_and_told_at_once() {
        Optional<String> answer = findings.tried("EwrMSP", "height", () -> {
            throw new SelvageException(ErrorCode.PEER_BEHIND, "The peer has 8 blocks, and 10 exist.");
        });
        assertThat(answer).isEmpty();
        assertThat(findings.all()).isEqualTo(told).hasSize(1);
        assertThat(last().code()).isEqualTo(ErrorCode.PEER_BEHIND);
    }
}
