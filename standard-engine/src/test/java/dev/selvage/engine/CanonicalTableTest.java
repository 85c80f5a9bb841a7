package dev.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.model.Operation.Column;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalTableTest {
    private static final Column NAME = new Column("name", "text", null, true);
    private static final Column COUNT = new Column("count", "int64", null, false);
    private static final Column MEAN = new Column("mean", "decimal", 2, false);
    private static final Column DAY = new Column("day", "date", null, false);
    private static final List<Column> COLUMNS = List.of(NAME, COUNT);

    @Test
    void writes_sorted_rows_with_quotes_only_where_needed() {
        var rows = List.of(
                Arrays.asList("plain", "2"),
                Arrays.asList("a,\"b\"", "1"),
                Arrays.asList("", "3"),
                Arrays.asList((String) null, "4"),
                Arrays.asList("line\nfeed", "5"));
        assertThat(text(CanonicalTable.write(COLUMNS, List.of("name"), rows)))
                .isEqualTo("name,count\n,4\n\"\",3\n\"a,\"\"b\"\"\",1\n\"line\nfeed\",5\nplain,2\n");
    }

    @Test
    void what_it_writes_is_canonical_and_reads_back() throws IOException {
        var rows = List.of(Arrays.asList("ä, \"ö\"", "-7"), Arrays.asList("", "9223372036854775807"));
        var bytes = CanonicalTable.write(COLUMNS, List.of(), rows);
        assertThat(CanonicalTable.problem(COLUMNS, List.of(), new ByteArrayInputStream(bytes)))
                .isEmpty();
        assertThat(CanonicalTable.read(COLUMNS, new ByteArrayInputStream(bytes)))
                .isEqualTo(rows);
    }

    @ParameterizedTest
    @CsvSource({"20.105,20.11", "20.104,20.10", "-0.001,0.00", "7,7.00", "-1.005,-1.01", "1e3,"})
    void decimals_have_a_fixed_scale_rounded_half_up(String value, String expected) {
        if (expected == null) {
            assertThatThrownBy(() -> CanonicalTable.cell(MEAN, value)).hasMessageContaining("not a decimal");
        } else {
            assertThat(CanonicalTable.cell(MEAN, value)).isEqualTo(expected);
        }
    }

    @Test
    void values_of_drivers_become_canonical_text() {
        assertThat(CanonicalTable.cell(COUNT, 5066L)).isEqualTo("5066");
        assertThat(CanonicalTable.cell(COUNT, new BigDecimal("100526.000"))).isEqualTo("100526");
        assertThat(CanonicalTable.cell(MEAN, 20.105)).isEqualTo("20.11");
        assertThat(CanonicalTable.cell(DAY, java.sql.Date.valueOf("2013-07-01")))
                .isEqualTo("2013-07-01");
    }

    @Test
    void refuses_values_of_another_type() {
        assertThatThrownBy(() -> CanonicalTable.cell(COUNT, "July")).hasMessageContaining("\"July\" is not an int64");
        assertThatThrownBy(() -> CanonicalTable.cell(COUNT, 1.5)).hasMessageContaining("not an int64");
        assertThatThrownBy(() -> CanonicalTable.cell(DAY, "2013-02-30")).hasMessageContaining("not a date");
        assertThatThrownBy(() -> CanonicalTable.cell(COUNT, null)).hasMessageContaining("is null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name,count;a,1|the last line has no line feed",
                "name,number;a,1;|the header is name,number, not name,count",
                "name,count;'\"a\"',1;|quoted without need",
                "name,count;a,01;|is not an int64",
                "name,count;a;|1 cells, not 2",
                "name,count;b,1;a,2;|not sorted by name",
                "name,count;a,;|column count is null",
            })
    void says_what_keeps_bytes_from_being_canonical(String lines, String problem) throws IOException {
        var bytes = lines.replace(";", "\n").replace("'", "").getBytes(StandardCharsets.UTF_8);
        assertThat(CanonicalTable.problem(COLUMNS, List.of("name"), new ByteArrayInputStream(bytes)))
                .hasValueSatisfying(text -> assertThat(text).contains(problem));
    }

    @Test
    void refuses_carriage_returns_and_bytes_that_are_not_utf8() throws IOException {
        var crlf = "name,count\r\n".getBytes(StandardCharsets.UTF_8);
        assertThat(CanonicalTable.problem(COLUMNS, List.of(), new ByteArrayInputStream(crlf)))
                .hasValueSatisfying(text -> assertThat(text).contains("carriage return"));
        var latin = "name,count\n\u00e4,1\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(CanonicalTable.problem(COLUMNS, List.of(), new ByteArrayInputStream(latin)))
                .contains("it is not UTF-8");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
