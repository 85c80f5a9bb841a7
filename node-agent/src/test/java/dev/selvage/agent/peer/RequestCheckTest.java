package dev.selvage.agent.peer;

import static dev.selvage.agent.Faults.assertFault;
import static dev.selvage.agent.peer.LedgerOfTwoTasks.EWR;
import static dev.selvage.agent.peer.LedgerOfTwoTasks.JFK;
import static dev.selvage.agent.peer.LedgerOfTwoTasks.LGA;
import static dev.selvage.agent.peer.LedgerOfTwoTasks.TASK;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.agent.ManualClock;
import dev.selvage.agent.peer.v1.FetchRequest;
import dev.selvage.agent.peer.v1.FetchTerms;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RequestCheckTest {
    private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
    private static final Digest DIGEST = Digest.of(new byte[] {1});
    private static final Purpose INPUT = new Purpose.RunInput(TASK, "merge", "tables");

    private final ManualClock clock = new ManualClock(NOW);
    private final TestOrganisation jfk = new TestOrganisation("JfkMSP", NOW);
    private final MemberSigner key = jfk.client("node1@jfk.example");
    private final MemberCheck members = new MemberCheck(new ChannelRoots(List.of(jfk.authorities())));
    private final RequestCheck check = new RequestCheck(EWR, members, Duration.ofMinutes(5), clock);

    private FetchRequest request() {
        return FetchRequests.ofNode(JFK, key, EWR, DIGEST, 7, INPUT, clock);
    }

    private static FetchRequest changed(FetchRequest request, Consumer<FetchTerms.Builder> change) {
        try {
            var terms = FetchTerms.parseFrom(request.getTerms()).toBuilder();
            change.accept(terms);
            return request.toBuilder().setTerms(terms.build().toByteString()).build();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private void refused(ErrorCode code, FetchRequest request, String why) {
        assertFault(code, () -> check.check(request)).contains(why);
    }

    @Test
    void knows_the_asker_by_the_requests_own_signature() {
        var checked = check.check(request());
        assertThat(checked.asker().node()).contains(JFK);
        assertThat(checked.asker().party().id()).isEqualTo("node1@jfk.example");
        assertThat(checked.asker().spki()).isEqualTo(key.spki());
        assertThat(checked.digest()).isEqualTo(DIGEST);
        assertThat(checked.offset()).isEqualTo(7);
        assertThat(checked.purpose()).isEqualTo(INPUT);
    }

    @Test
    void a_users_request_names_no_node() {
        var user = jfk.client("User1@jfk.example");
        var checked = check.check(FetchRequests.ofUser(user, EWR, DIGEST, TASK, clock));
        assertThat(checked.asker().node()).isEmpty();
        assertThat(checked.purpose()).isEqualTo(new Purpose.Result(TASK));
    }

    @Test
    void any_change_after_signing_is_refused() {
        String words = "signature";
        Digest other = Digest.of(new byte[] {2});
        refused(ErrorCode.IDENTITY_INVALID, changed(request(), terms -> terms.setDigest(other.hex())), words);
        refused(ErrorCode.IDENTITY_INVALID, changed(request(), terms -> terms.setOffset(0)), words);
        refused(ErrorCode.IDENTITY_INVALID, changed(request(), terms -> terms.setAskerNode("node2")), words);
        refused(
                ErrorCode.IDENTITY_INVALID,
                changed(request(), terms -> terms.setTimestampMs(NOW.toEpochMilli() + 1)),
                words);
        refused(
                ErrorCode.IDENTITY_INVALID,
                changed(request(), terms -> terms.getRunInputBuilder().setInput("other")),
                words);
    }

    @Test
    void a_request_signed_by_another_key_is_refused() {
        var other = jfk.client("node1@jfk.example");
        var request = changed(
                request(),
                terms -> terms.setCertificate(ByteString.copyFrom(TestOrganisation.encoded(other.certificate()))));
        refused(ErrorCode.IDENTITY_INVALID, request, "signature");
    }

    @Test
    void a_request_to_another_node_is_not_answered() {
        refused(
                ErrorCode.REQUEST_INVALID,
                FetchRequests.ofNode(JFK, key, LGA, DIGEST, 0, INPUT, clock),
                "another node");
    }

    @Test
    void a_request_is_answered_once() {
        var request = request();
        check.check(request);
        refused(ErrorCode.REQUEST_STALE, request, "answered before");
        clock.advance(Duration.ofMinutes(4));
        refused(ErrorCode.REQUEST_STALE, request, "answered before");
    }

    @Test
    void expired_requests_and_those_for_later_are_refused() {
        var request = request();
        clock.advance(Duration.ofMinutes(5).plusMillis(1));
        refused(ErrorCode.REQUEST_STALE, request, "was signed at 2026-11-22T00:00:00Z");
        var later = Clock.fixed(clock.instant().plus(Duration.ofMinutes(6)), ZoneOffset.UTC);
        refused(ErrorCode.REQUEST_STALE, FetchRequests.ofNode(JFK, key, EWR, DIGEST, 0, INPUT, later), "was signed at");
    }

    @Test
    void a_restart_forgets_no_request_that_was_answered() {
        var request = request();
        clock.advance(Duration.ofSeconds(1));
        var restarted = new RequestCheck(EWR, members, Duration.ofMinutes(5), clock);
        assertFault(ErrorCode.REQUEST_STALE, () -> restarted.check(request)).contains("before this node started");
    }

    /** Requests tell milliseconds, clocks tell more. */
    @Test
    void a_request_of_the_millisecond_of_the_start_is_answered() {
        clock.advance(Duration.ofNanos(700_000));
        var started = new RequestCheck(EWR, members, Duration.ofMinutes(5), clock);
        assertThat(started.check(request()).digest()).isEqualTo(DIGEST);
    }

    @Test
    void malformed_requests_are_refused() {
        refused(ErrorCode.REQUEST_INVALID, FetchRequest.getDefaultInstance(), "nonce");
        refused(
                ErrorCode.REQUEST_INVALID,
                request().toBuilder()
                        .setTerms(ByteString.copyFromUtf8("rubbish"))
                        .build(),
                "cannot be read");
        refused(ErrorCode.REQUEST_INVALID, changed(request(), terms -> terms.setDigest("../../etc")), "digest");
        refused(
                ErrorCode.REQUEST_INVALID,
                changed(request(), FetchTerms.Builder::clearPurpose),
                "what the content is for");
        refused(ErrorCode.REQUEST_INVALID, changed(request(), terms -> terms.setOffset(-1)), "offset");
        refused(
                ErrorCode.REQUEST_INVALID,
                changed(request(), terms -> terms.getRunInputBuilder().setTask("x")),
                "task");
        refused(
                ErrorCode.REQUEST_INVALID,
                changed(request(), terms -> terms.setDigest("a".repeat(40_000))),
                "larger than");
    }
}
