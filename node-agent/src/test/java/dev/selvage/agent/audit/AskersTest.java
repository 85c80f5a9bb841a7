package dev.selvage.agent.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.agent.audit.v1.Piece;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Askers who take their time. */
class AskersTest {
    @Test
    void an_organisation_that_takes_all_its_places_keeps_no_other_waiting() {
        var places = new AskerPlaces();
        List<AskerPlaces.Place> taken = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            taken.add(places.take("EwrMSP"));
        }
        assertThatThrownBy(() -> places.take("EwrMSP"))
                .isInstanceOfSatisfying(
                        SelvageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS));
        taken.add(places.take("LgaMSP"));
        taken.get(0).close();
        taken.add(places.take("EwrMSP"));
    }

    @Test
    void a_reader_that_takes_nothing_is_given_up() {
        var reader = new Reader();
        var out = new PieceOutput(reader, Duration.ofMillis(50));
        assertThatThrownBy(() -> out.write(new byte[256 * 1024]))
                .isInstanceOfSatisfying(
                        SelvageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PEER_UNREACHABLE));
        assertThat(reader.pieces).as("as much as it had room for").isEqualTo(2);
    }

    /** Has room for two pieces. */
    private static final class Reader extends ServerCallStreamObserver<Piece> {
        private int pieces;

        @Override
        public boolean isReady() {
            return pieces < 2;
        }

        @Override
        public void onNext(Piece piece) {
            pieces++;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public void setOnReadyHandler(Runnable handler) {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean enable) {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void onError(Throwable fault) {}

        @Override
        public void onCompleted() {}
    }
}
