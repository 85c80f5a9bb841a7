package dev.selvage.cli.internal.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.cli.internal.client.ScriptedPeer;
import dev.selvage.formats.config.HostPort;
import dev.selvage.formats.config.KeyPairFiles;
import dev.selvage.formats.config.LedgerAccess;
import dev.selvage.formats.config.Profile;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.EmbeddedLedger;
import dev.selvage.network.EmbeddedLedgerConfig;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.Organisations;
import dev.selvage.network.org.OrganisationsPlan;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    @TempDir
    private Path folder;

    private static Profile profile(Organisation organisation, LedgerAccess access) {
        var user = organisation.identity("User1");
        return new Profile(
                "test",
                access,
                organisation.msp(),
                new KeyPairFiles(user.certificate(), user.key()),
                "selvage",
                "off-chain-compute",
                Map.of());
    }

    /** The ledger is an hour behind; Fabric says the same words (EdgeRules). */
    @Test
    void own_clock_that_is_off_by_more_than_a_quarter_of_an_hour_is_told_as_such() throws Exception {
        var config = EmbeddedLedgerConfig.of(folder, OrganisationsPlan.of(1)).onFreePorts();
        try (var ledger = EmbeddedLedger.open(config, Clock.offset(Clock.systemUTC(), Duration.ofHours(-1)))) {
            var organisation = ledger.organisations().get("EwrMSP");
            var peer = ledger.endpoints().peers().get("EwrMSP");
            var access = new LedgerAccess(
                    List.of(new HostPort(peer.host(), peer.port())),
                    Optional.of(organisation.identity("peer0").tls().roots()),
                    Optional.of("peer0." + organisation.domain()));
            var settings = new DoctorSettings(
                    Duration.ofSeconds(2), Duration.ofDays(30), Optional.empty(), OptionalLong.empty(), "1.0");
            var found = new Doctor(settings, Map.of(), finding -> {})
                    .examine(List.of(profile(organisation, access)), List.of());
            assertThat(found)
                    .filteredOn(finding -> finding.level() == Finding.Level.FAIL)
                    .extracting(Finding::code)
                    .containsExactly(ErrorCode.CLOCK_SKEW);
            try (var client = ContractClient.open(profile(organisation, access))) {
                assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                        SelvageException.class, () -> client.takeBlock(0, Duration.ofSeconds(5)))
                                .code())
                        .isEqualTo(ErrorCode.CLOCK_SKEW);
            }
        }
    }

    @Test
    void organisation_whose_peer_does_not_endorse_is_named() {
        var organisation = Organisations.open(folder, OrganisationsPlan.of(1), Clock.systemUTC())
                .get("EwrMSP");
        try (var peer = new ScriptedPeer()) {
            peer.endorse = Status.ABORTED.withDescription("failed to collect enough transaction endorsements");
            var profile = profile(
                    organisation, new LedgerAccess(List.of(peer.address()), Optional.empty(), Optional.empty()));
            var findings = new Findings(finding -> {});
            try (var client = ContractClient.open(profile)) {
                new PairChecks(findings, null).endorsement(new Side(profile, null, client), "JfkMSP");
                peer.endorse = Status.OK;
                new PairChecks(findings, null).endorsement(new Side(profile, null, client), "JfkMSP");
            }
            assertThat(findings.all()).extracting(Finding::level).containsExactly(Finding.Level.FAIL, Finding.Level.OK);
            var fault = findings.all().get(0);
            assertThat(fault.subject()).isEqualTo("EwrMSP -> JfkMSP");
            assertThat(fault.code()).isEqualTo(ErrorCode.ENDORSEMENT_FAILED);
            assertThat(fault.sentence()).contains("No transaction of EwrMSP that needs JfkMSP comes about");
        }
    }

    @Test
    void fault_inside_a_node_is_not_taken_for_a_node_that_is_away() {
        assertThat(NodeChecks.unreachable(new SelvageException(ErrorCode.INTERNAL, "A defect.")))
                .isEqualTo(ErrorCode.INTERNAL);
        assertThat(NodeChecks.unreachable(new SelvageException(ErrorCode.PEER_UNREACHABLE, "Away.")))
                .isEqualTo(ErrorCode.NODE_UNREACHABLE);
    }
}
