package dev.selvage.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SchemaTest {
    @Test
    void what_a_person_writes_is_read_as_the_declared_type() {
        assertThat(Schema.ofType("integer").readScalar("-7").longValue()).isEqualTo(-7);
        assertThat(Schema.ofType("boolean").readScalar("true")).isEqualTo(CanonicalJson.parse("true"));
        assertThat(Schema.ofType("string").readScalar("7").isTextual()).isTrue();
    }

    @Test
    void what_is_not_of_the_type_stays_text_and_is_refused_by_the_check() {
        for (String wrong : new String[] {"July", "7.0", "1234567890123456789", "", "+7"}) {
            var value = Schema.ofType("integer").readScalar(wrong);
            assertThat(value.isTextual()).as(wrong).isTrue();
            assertThat(Schema.ofType("integer").check("month", value)).as(wrong).isNotEmpty();
        }
        assertThat(Schema.ofType("boolean").readScalar("True").isTextual()).isTrue();
    }
}
