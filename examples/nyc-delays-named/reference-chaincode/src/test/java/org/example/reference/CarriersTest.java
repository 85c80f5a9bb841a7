package org.example.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CarriersTest {
    @Test
    void the_example_data_is_read_and_written_as_json() throws IOException {
        var csv = Files.readString(Path.of("..", "..", "nyc-delays", "data", "airlines.csv"));
        var carriers = Carriers.parse(csv);
        assertThat(carriers).hasSize(16).containsEntry("UA", "United Air Lines Inc.");
        assertThat(Carriers.json(carriers))
                .startsWith("{\"9E\":\"Endeavor Air Inc.\",\"AA\":\"American Airlines Inc.\",")
                .endsWith("\"YV\":\"Mesa Airlines Inc.\"}");
    }

    @Test
    void names_are_escaped() {
        assertThat(Carriers.json(Map.of("X1", "a \"b\" \\ \u0007"))).isEqualTo("{\"X1\":\"a \\\"b\\\" \\\\ \\u0007\"}");
    }

    @Test
    void what_is_no_table_of_carriers_is_refused() {
        assertThatThrownBy(() -> Carriers.parse("")).hasMessageContaining("expected the header");
        assertThatThrownBy(() -> Carriers.parse("code,name\nUA,x")).hasMessageContaining("expected the header");
        assertThatThrownBy(() -> Carriers.parse("carrier,name\nUA")).hasMessageContaining("line 2");
        assertThatThrownBy(() -> Carriers.parse("carrier,name\nUA,x\nlower,y")).hasMessageContaining("line 3");
    }
}
