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
    @ValueSource(strings = {"SELECT ${x}", "SELECT ?", "SELECT 1; DROP TABLE x", "SELECT 'open", "SELECT {input:x"})
    void refuses_what_is_not_static_or_not_whole(String text) {
        assertThatThrownBy(() -> Statement.parse(text)).isInstanceOf(Statement.RefusedException.class);
    }
}
