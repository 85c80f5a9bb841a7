package dev.selvage.model.integrity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditValuesTest {
    @Test
    void the_diagram_in_the_docs_is_the_table() throws IOException {
        assertThat(Files.readString(Path.of("..", "docs", "metadata.md"))).contains(AuditState.TRANSITIONS.diagram());
    }

    @Test
    void only_a_sectored_anchor_can_be_audited_in_two_modes() {
        assertThat(AuditMode.SECTORED.allows(AuditMode.MERKLE)).isTrue();
        assertThat(AuditMode.MERKLE.allows(AuditMode.SECTORED)).isFalse();
        assertThat(AuditMode.PAPER.allows(AuditMode.MERKLE)).isFalse();
        assertThat(AuditMode.PAPER.allows(AuditMode.PAPER)).isTrue();
    }

    @Test
    void a_file_id_follows_from_owner_and_name() {
        // SHA-256("selvage/file/v1" | 00000006 | "EwrMSP" | 00000007 | "flights")
        assertThat(DataName.parse("EwrMSP/flights").file())
                .hasToString("65a22519f1d37aecab25b6d723b20662f43fa87ec8b2045dd86d99459c6cc5bd");
        assertThat(new DataName("EwrMSPf", "lights").file()).isNotEqualTo(new DataName("EwrMSP", "flights").file());
        assertThatThrownBy(() -> DataName.parse("flights")).isInstanceOf(SelvageException.class);
        assertThatThrownBy(() -> DataName.parse("EwrMSP/a/b")).isInstanceOf(SelvageException.class);
    }

    @Test
    void records_travel_as_json_and_back() {
        var open = new MetadataEvent.Audit(
                "0".repeat(32),
                AuditState.AWAITING_ANSWER,
                DataName.parse("EwrMSP/flights"),
                1,
                AuditMode.MERKLE,
                "JfkMSP",
                List.of(new MetadataFacts.Prover("EwrMSP", null, null)),
                5L);
        var event = new MetadataEvent(1, List.of(open));
        String json = CanonicalJson.text(event);
        assertThat(json).contains("\"kind\":\"audit\"").contains("\"state\":\"AwaitingAnswer\"");
        assertThat(CanonicalJson.read(json, MetadataEvent.class)).isEqualTo(event);
    }

    @Test
    void keys_of_times_and_versions_sort_as_numbers() {
        var data = DataName.parse("EwrMSP/flights");
        assertThat(MetadataKeys.anchor(data, 12)).isEqualTo("anchor/EwrMSP/flights/000012");
        assertThat(MetadataKeys.auditOf(data, 1_700_000_000_000L, "ab".repeat(16)))
                .isEqualTo("auditOf/EwrMSP/flights/001700000000000/" + "ab".repeat(16));
        assertThatThrownBy(() -> MetadataKeys.anchor(data, 0)).isInstanceOf(SelvageException.class);
        assertThatThrownBy(() -> MetadataKeys.audit("../x")).isInstanceOf(SelvageException.class);
    }
}
