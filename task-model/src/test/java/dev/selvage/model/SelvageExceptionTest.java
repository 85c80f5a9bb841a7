package dev.selvage.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SelvageExceptionTest {
    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void every_code_survives_the_wire_inside_the_words_of_a_ledger(ErrorCode code) {
        var fault = new SelvageException(code, Map.of("key", "done/{x}/a", "at", "12"), "It is so: {\"a\"} [b].");
        var back = SelvageException.fromWire("ABORTED: chaincode response 500, " + fault.toWire());

        assertThat(back).hasValueSatisfying(found -> {
            assertThat(found.code()).isEqualTo(code);
            assertThat(found.parameters()).isEqualTo(fault.parameters());
            assertThat(found.sentence()).isEqualTo(fault.sentence());
        });
    }

    @Test
    void the_wire_form_is_fixed() {
        assertThat(new SelvageException(ErrorCode.NOT_READY, Map.of("b", "2", "a", "1"), "Wait.").toWire())
                .isEqualTo("SELVAGE/NOT_READY {\"a\":\"1\",\"b\":\"2\"} Wait.");
        assertThat(new SelvageException(ErrorCode.NOT_READY, "Wait.").toWire()).isEqualTo("SELVAGE/NOT_READY {} Wait.");
    }

    @Test
    void what_is_no_fault_of_ours_is_told_apart() {
        assertThat(SelvageException.fromWire(null)).isEmpty();
        assertThat(SelvageException.fromWire("MVCC_READ_CONFLICT")).isEmpty();
        assertThat(SelvageException.fromWire("SELVAGE/FROM_THE_FUTURE {} Hello."))
                .isEmpty();
        assertThat(SelvageException.fromWire("SELVAGE/NOT_READY")).isEmpty();
    }

    @Test
    void a_quotation_mark_or_a_brace_in_a_parameter_survives() {
        var fault = new SelvageException(ErrorCode.NOT_READY, Map.of("key", "a\"} {\"b"), "Sentence.");
        assertThat(SelvageException.fromWire(fault.toWire()).orElseThrow().parameters())
                .isEqualTo(fault.parameters());
    }

    @Test
    void every_code_says_what_to_do() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::nextStep))
                .allMatch(step -> step.length() > 5 && !step.isBlank());
    }
}
