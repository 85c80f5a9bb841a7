package dev.selvage.network.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.network.org.HostPort;
import dev.selvage.network.process.Ports;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class NodeOperationsTest {
    private static final String MEASURES = """
            # HELP ledger_blockchain_height Height of the chain in blocks.
            # TYPE ledger_blockchain_height gauge
            ledger_blockchain_height{channel="other"} 3
            ledger_blockchain_height{channel="selvage"} 1.234567e+06
            consensus_etcdraft_is_leader{channel="selvage"} 1
            ledger_blockchain_height_of{channel="selvage"} 9
            """;

    @Test
    void measures_are_read_by_name_and_channel() {
        assertThat(NodeOperations.of(MEASURES, "ledger_blockchain_height", "selvage"))
                .isEqualTo(OptionalLong.of(1_234_567));
        assertThat(NodeOperations.of(MEASURES, "consensus_etcdraft_is_leader", "selvage"))
                .hasValue(1);
        assertThat(NodeOperations.of(MEASURES, "ledger_blockchain_height", "selv"))
                .isEmpty();
        assertThat(NodeOperations.of("", "ledger_blockchain_height", "selvage")).isEmpty();
    }

    @Test
    void node_that_does_not_answer_is_not_healthy() {
        var nobody = new NodeOperations(new HostPort("127.0.0.1", Ports.free(1).get(0)));
        assertThat(nobody.healthy()).isFalse();
        assertThat(nobody.measures()).isEmpty();
    }
}
