package dev.selvage.cli.internal.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.cli.internal.doctor.ChannelConfig.OrdererPlace;
import dev.selvage.cli.internal.doctor.Finding.Level;
import dev.selvage.formats.config.HostPort;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/** Clients never talk to orderers: one that is not reached from here is a fault only where nothing is ordered. */
class OrdererChecksTest {
    private final SelvageException refused = fault(new ConnectException("Connection refused"));
    private final SelvageException unknown = fault(new UnknownHostException("orderer.example.com"));
    private final SelvageException mutual =
            fault(new SSLHandshakeException("Received fatal alert: certificate_required"));
    private final SelvageException noLeader = new SelvageException(
            ErrorCode.ORDERER_UNREACHABLE, Map.of("status", "SERVICE_UNAVAILABLE"), "It has no leader.");

    private final AtomicLong ledger = new AtomicLong(7);

    private static SelvageException fault(Exception cause) {
        return new SelvageException(ErrorCode.ORDERER_UNREACHABLE, "Nothing answers.", cause);
    }

    /** Levels of the findings; an orderer either has blocks or a fault. */
    private List<Level> levels(Object... orderers) {
        var findings = new Findings(finding -> {});
        var places = Stream.iterate(0, i -> i < orderers.length, i -> i + 1)
                .map(i -> new OrdererPlace(new HostPort("orderer.example.com", 7050 + i), List.of()))
                .toList();
        new OrdererChecks(
                        findings,
                        place -> {
                            if (orderers[place.address().port() - 7050] instanceof SelvageException fault) {
                                throw fault;
                            }
                            return 7;
                        },
                        Duration.ofMillis(1))
                .examine("EwrMSP", places, ChannelConfig.needed(orderers.length, true), 7, ledger::get);
        return findings.all().stream().map(Finding::level).toList();
    }

    @Test
    void link_that_fails_is_warned_of_while_enough_others_answer_or_cannot_be_asked() {
        assertThat(levels(7, refused, unknown, mutual)).containsExactly(Level.OK, Level.WARN, Level.WARN, Level.WARN);
        assertThat(levels(7, 7, 7, refused)).containsExactly(Level.OK, Level.OK, Level.OK, Level.WARN);
    }

    /** Two of four BFT orderers give their blocks and order nothing. */
    @Test
    void too_few_that_answer_are_a_fault_while_the_ledger_stands_still() {
        assertThat(levels(7, 7, refused, refused)).containsExactly(Level.OK, Level.OK, Level.FAIL, Level.FAIL);
        ledger.set(8);
        assertThat(levels(7, 7, refused, refused)).containsExactly(Level.OK, Level.OK, Level.WARN, Level.WARN);
    }

    @Test
    void how_many_it_takes() {
        assertThat(ChannelConfig.needed(1, false)).isEqualTo(1);
        assertThat(ChannelConfig.needed(3, false)).isEqualTo(2);
        assertThat(ChannelConfig.needed(4, true)).isEqualTo(3);
        assertThat(ChannelConfig.needed(7, true)).isEqualTo(5);
    }

    @Test
    void link_that_fails_is_warned_of_while_the_ledger_grows() {
        ledger.set(8);
        assertThat(levels(refused, refused)).containsExactly(Level.WARN, Level.WARN);
    }

    @Test
    void orderers_that_do_not_answer_while_nothing_commits_are_a_fault() {
        assertThat(levels(refused, refused)).containsExactly(Level.FAIL, Level.FAIL);
    }

    @Test
    void name_that_only_peers_know_and_mutual_tls_show_nothing() {
        assertThat(levels(unknown, mutual)).containsExactly(Level.WARN, Level.WARN);
    }

    @Test
    void orderer_that_says_it_has_no_leader_is_a_fault_in_any_case() {
        assertThat(levels(7, noLeader)).containsExactly(Level.OK, Level.FAIL);
    }
}
