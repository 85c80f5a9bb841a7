package dev.selvage.cli.internal.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.cli.internal.client.ScriptedPeer;
import dev.selvage.formats.config.KeyPairFiles;
import dev.selvage.formats.config.LedgerAccess;
import dev.selvage.formats.config.Profile;
import dev.selvage.model.ErrorCode;
import dev.selvage.network.org.Organisations;
import dev.selvage.network.org.OrganisationsPlan;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hyperledger.fabric.client.ChaincodeEvent;
import org.hyperledger.fabric.client.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the loads do when something goes wrong. */
class LoadsTest {
    @TempDir
    private Path folder;

    @Test
    void failing_creates_are_counted_and_do_not_spin() throws Exception {
        var user = Organisations.open(folder, OrganisationsPlan.of(1), Clock.systemUTC())
                .get("EwrMSP")
                .identity("User1");
        try (var peer = new ScriptedPeer()) {
            peer.endorse = Status.ABORTED.withDescription("failed to collect enough transaction endorsements");
            var profile = new Profile(
                    "test",
                    new LedgerAccess(List.of(peer.address()), Optional.empty(), Optional.empty()),
                    "EwrMSP",
                    new KeyPairFiles(user.certificate(), user.key()),
                    "selvage",
                    "bare-create",
                    Map.of());
            try (var client = ContractClient.open(profile)) {
                long now = System.nanoTime();
                var recorder = new Recorder(
                        now, Long.MAX_VALUE, now + Duration.ofMillis(400).toNanos());
                var load = new CreateLoad(List.of(client), 2);
                load.run(recorder);
                assertThat(recorder.failures()).isBetween(2, 10);
                assertThat(load.allItems()).isZero();
            }
        }
    }

    /** Events of a peer that break off in a way that nobody has foreseen. */
    private record Breaking(RuntimeException fault) implements CloseableIterator<ChaincodeEvent> {
        @Override
        public boolean hasNext() {
            if (fault == null) {
                return false;
            }
            throw fault;
        }

        @Override
        public ChaincodeEvent next() {
            throw fault;
        }

        @Override
        public void close() {
            // there is nothing to close
        }
    }

    @Test
    void whatever_ends_the_events_is_told_to_who_waits_and_who_comes_later() {
        for (var fault : new RuntimeException[] {new IllegalStateException("unforeseen"), null}) {
            try (var watch = new TaskWatch(new Breaking(fault))) {
                assertThat(watch.end("first")).failsWithin(Duration.ofSeconds(5));
                assertThat(watch.end("later")).failsWithin(Duration.ofSeconds(5));
            }
        }
    }

    @Test
    void wrong_settings_are_not_waited_for_and_what_peers_learn_by_and_by_is() {
        assertThat(LedgerBench.mayPass(ErrorCode.IDENTITY_INVALID)).isFalse();
        assertThat(LedgerBench.mayPass(ErrorCode.NOT_PERMITTED)).isFalse();
        assertThat(LedgerBench.mayPass(ErrorCode.CHANNEL_UNKNOWN)).isFalse();
        assertThat(LedgerBench.mayPass(ErrorCode.INTERRUPTED)).isFalse();
        assertThat(LedgerBench.mayPass(ErrorCode.ENDORSEMENT_FAILED)).isTrue();
        assertThat(LedgerBench.mayPass(ErrorCode.CHAINCODE_UNKNOWN)).isTrue();
        assertThat(LedgerBench.mayPass(ErrorCode.ROLE_UNBOUND)).isTrue();
    }

    @Test
    void crew_tells_the_first_fault_as_it_is() {
        assertThatThrownBy(() -> Crew.run(3, number -> {
                    throw new dev.selvage.model.SelvageException(ErrorCode.INTERRUPTED, "Stopped.");
                }))
                .hasMessageContaining("INTERRUPTED");
    }
}
