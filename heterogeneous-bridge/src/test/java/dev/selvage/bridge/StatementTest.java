package dev.selvage.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementTest {
    @Test
    void finds_values_and_tables_and_nothing_else() throws Exception {
        var statement = Statement.parse("""
                SELECT ':no', "a:no", x::text, $$:no$$, $t$:no$t$ -- :no
                /* :no {input:no} */ FROM {input: flights } WHERE m = :month AND n = :month;
                """);
        assertThat(statement.binds()).containsExactly("month");
        assertThat(statement.tables()).containsExactly("flights");
        assertThat(statement.pieces())
                .filteredOn(Statement.Bind.class::isInstance)
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FROM {input:a} WHERE x = 1",
                "FROM {input:a}, other",
                "FROM {input:a}\nGROUP BY x",
                "FROM {input:a}",
                "FROM {input:a} left JOIN b ON 1 = 1",
                "FROM (SELECT 1 FROM {input:a}) x"
            })
    void sees_that_a_table_has_no_name_of_its_own(String text) throws Exception {
        assertThat(Statement.parse("SELECT * " + text).pieces())
                .contains(new Statement.Table("a", false))
                .hasSizeLessThan(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FROM {input:a} t WHERE t.x = 1", "FROM {input:a} AS t", "FROM {input:a} \"T\""})
    void leaves_a_table_the_name_that_the_statement_gives_it(String text) throws Exception {
        assertThat(Statement.parse("SELECT * " + text).pieces()).contains(new Statement.Table("a", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT ${x}", "SELECT ?", "SELECT 1; DROP TABLE x", "SELECT 'open", "SELECT {input:x"})
    void refuses_what_is_not_static_or_not_whole(String text) {
        assertThatThrownBy(() -> Statement.parse(text)).isInstanceOf(Statement.RefusedException.class);
    }
}
