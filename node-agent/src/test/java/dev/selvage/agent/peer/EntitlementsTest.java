package dev.selvage.agent.peer;

import static dev.selvage.agent.peer.LedgerOfTwoTasks.EWR;
import static dev.selvage.agent.peer.LedgerOfTwoTasks.JFK;
import static dev.selvage.agent.peer.LedgerOfTwoTasks.LGA;
import static dev.selvage.agent.peer.LedgerOfTwoTasks.OTHER_TASK;
import static dev.selvage.agent.peer.LedgerOfTwoTasks.TASK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.agent.content.ContentLimits;
import dev.selvage.agent.content.ContentStore;
import dev.selvage.agent.content.Stored;
import dev.selvage.agent.data.DataCatalogue;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntitlementsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");

    private final MemberSigner ewr = new TestOrganisation("EwrMSP", NOW).client("node1@ewr.example");
    private final MemberSigner jfk = new TestOrganisation("JfkMSP", NOW).client("node1@jfk.example");
    private final MemberSigner lga = new TestOrganisation("LgaMSP", NOW).client("node1@lga.example");
    private final LedgerOfTwoTasks ledger = new LedgerOfTwoTasks(ewr, jfk);
    private final Entitlements entitlements = new Entitlements(ledger, null);
    private final Purpose input = new Purpose.RunInput(TASK, "merge", "tables");
    private final Purpose result = new Purpose.Result(TASK);

    private static Stored content(int seed) {
        return new Stored(Digest.of(new byte[] {(byte) seed}), 1, Optional.empty());
    }

    private static Asker node(NodeId id, MemberSigner identity) {
        return new Asker(new Facts.Party(id.msp(), identity.party().id()), identity.spki(), Optional.of(id));
    }

    private static Asker user(MemberSigner identity) {
        return new Asker(new Facts.Party(identity.msp(), identity.party().id()), identity.spki(), Optional.empty());
    }

    private void assertEntitled(Asker asker, Digest digest, Purpose purpose) {
        assertThat(entitlements.entitled(asker, digest, purpose)).isInstanceOf(Entitlement.Entitled.class);
    }

    private void assertRefused(ErrorCode code, Asker asker, Digest digest, Purpose purpose) {
        assertThat(entitlements.entitled(asker, digest, purpose))
                .isInstanceOfSatisfying(
                        Entitlement.Refused.class, no -> assertThat(no.code()).isEqualTo(code));
    }

    @Test
    void a_bound_node_gets_its_input_and_nobody_else_does() {
        Digest delays = ledger.commit("delays", EWR, content(1)).fact().digest();
        assertEntitled(node(JFK, jfk), delays, input);
        assertRefused(ErrorCode.NOT_ENTITLED, node(LGA, lga), delays, input);
        assertRefused(ErrorCode.NOT_ENTITLED, user(jfk), delays, input);
        assertRefused(ErrorCode.NOT_ENTITLED, node(NodeId.parse("JfkMSP/node2"), jfk), delays, input);
    }

    @Test
    void a_node_with_another_key_than_the_bound_one_does_not_get_its_input() {
        Digest delays = ledger.commit("delays", EWR, content(1)).fact().digest();
        var other = new Asker(new Facts.Party("JfkMSP", "node1"), lga.spki(), Optional.of(JFK));
        assertRefused(ErrorCode.NOT_ENTITLED, other, delays, input);
    }

    @Test
    void an_input_is_only_what_the_workflow_wires_to_it() {
        Digest hidden = ledger.commit("private", EWR, content(2)).fact().digest();
        assertRefused(ErrorCode.NOT_ENTITLED, node(JFK, jfk), hidden, input);
        Digest delays = ledger.commit("delays", EWR, content(1)).fact().digest();
        assertRefused(ErrorCode.NOT_ENTITLED, node(JFK, jfk), delays, new Purpose.RunInput(TASK, "merge", "others"));
        assertRefused(ErrorCode.NOT_ENTITLED, node(JFK, jfk), delays, new Purpose.RunInput(TASK, "nothing", "tables"));
    }

    @Test
    void members_see_results_visible_to_their_organisations_nodes() {
        Digest delays = ledger.commit("delays", EWR, content(1)).fact().digest();
        assertEntitled(user(jfk), delays, result);
        assertEntitled(user(ewr), delays, result);
        assertRefused(ErrorCode.NOT_ENTITLED, user(lga), delays, result);
        Digest hidden = ledger.commit("private", EWR, content(2)).fact().digest();
        assertEntitled(user(ewr), hidden, result);
        assertRefused(ErrorCode.NOT_ENTITLED, user(jfk), hidden, result);
    }

    @Test
    void everybody_sees_what_is_visible_to_the_channel() {
        Digest merged = ledger.commit("merge", JFK, content(3)).fact().digest();
        assertEntitled(user(lga), merged, result);
    }

    @Test
    void a_right_in_one_task_is_none_in_another() {
        Digest delays = ledger.commit("delays", EWR, content(1)).fact().digest();
        assertRefused(ErrorCode.CONTENT_UNKNOWN, user(jfk), delays, new Purpose.Result(OTHER_TASK));
        ledger.commit(OTHER_TASK, "private", EWR, content(1));
        assertRefused(ErrorCode.NOT_ENTITLED, user(jfk), delays, new Purpose.Result(OTHER_TASK));
    }

    @Test
    void what_the_ledger_does_not_name_is_unknown_not_refused() {
        assertRefused(ErrorCode.CONTENT_UNKNOWN, user(ewr), content(9).digest(), result);
    }

    @Test
    void a_revoked_key_gets_nothing() {
        Digest merged = ledger.commit("merge", JFK, content(3)).fact().digest();
        ledger.revoke("LgaMSP", lga.spki());
        assertRefused(ErrorCode.NODE_REVOKED, user(lga), merged, result);
    }

    @Test
    void a_data_set_is_used_only_by_grant(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("flights.csv"), "carrier\nUA\n");
        try (var store = ContentStore.open(folder.resolve("content"), ContentLimits.DEFAULT, Clock.systemUTC());
                var data = DataCatalogue.open(folder.resolve("data.db"), EWR, store, Clock.systemUTC())) {
            data.addFile("flights", file, "text/csv", true);
            var all = new Entitlements(ledger, data.grants());
            Digest operation = Digest.of(new byte[] {7});
            var creator = new Facts.Party("JfkMSP", "User1");
            assertThat(all.mayUse("flights", "flights.delays/1", operation, creator))
                    .isInstanceOfSatisfying(Entitlement.Refused.class, no -> {
                        assertThat(no.code()).isEqualTo(ErrorCode.GRANT_MISSING);
                        assertThat(no.sentence())
                                .contains("selvage data grant flights --operation flights.delays/1 --creator JfkMSP");
                    });
            data.grants().grant("flights", "flights.delays/1", operation, List.of("JfkMSP"), Optional.empty());
            assertThat(all.mayUse("flights", "flights.delays/1", operation, creator))
                    .isInstanceOf(Entitlement.Entitled.class);
        }
    }
}
