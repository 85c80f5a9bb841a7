package dev.selvage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalJsonTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|{}",
                "[ ]|[]",
                "null|null",
                "[true , false]|[true,false]",
                "{\"b\":1,\"a\":2}|{\"a\":2,\"b\":1}",
                "{\"a\":{\"z\":[],\"y\":{}}}|{\"a\":{\"y\":{},\"z\":[]}}",
                "[0, -0, 9007199254740991, -9007199254740991]|[0,0,9007199254740991,-9007199254740991]",
                "\"\\u0041\\/\"|\"A/\"",
                "\"\\u20ac\"|\"\u20ac\"",
                "\"\\u000f\\n\\t\\b\\f\\r\"|\"\\u000f\\n\\t\\b\\f\\r\"",
                "\"\\\"\\\\\"|\"\\\"\\\\\"",
                "{\"10\":1,\"9\":2}|{\"10\":1,\"9\":2}"
            })
    void text_is_canonical(String given, String canonical) {
        assertThat(CanonicalJson.text(CanonicalJson.parse(given))).isEqualTo(canonical);
    }

    /** The example of RFC 8785, 3.2.3: keys are sorted by UTF-16 code units, so a surrogate pair comes before U+FB33. */
    @Test
    void keys_are_sorted_by_utf_16_code_units() {
        String given = """
                {"\\u20ac": "Euro Sign", "\\r": "Carriage Return", "\\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
                 "\\ud83d\\ude00": "Emoji: Grinning Face", "\\u0080": "Control", "\\u00f6": "Latin Small Letter O With Diaeresis"}
                """;
        assertThat(CanonicalJson.text(CanonicalJson.parse(given)))
                .isEqualTo("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                        + "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
                        + "\"\ud83d\ude00\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    @Test
    void digests_of_known_values_stand_for_ever() {
        assertThat(Digest.ofJson(Map.of()).hex())
                .isEqualTo("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
        assertThat(Digest.ofJson(Map.of("b", List.of(1, "\u20ac"), "a", Map.of()))
                        .hex())
                .isEqualTo(Digest.of("{\"a\":{},\"b\":[1,\"\u20ac\"]}".getBytes(StandardCharsets.UTF_8))
                        .hex());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"a\":1,\"a\":2}",
                "[1] 2",
                "NaN",
                "[1,]",
                "{'a':1}",
                "// x\n1",
                "\"\u0001\"",
                "01",
                "+1"
            })
    void what_is_not_strict_json_is_refused(String text) {
        assertThatThrownBy(() -> CanonicalJson.parse(text))
                .isInstanceOfSatisfying(
                        SelvageException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.REQUEST_INVALID));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "1e3", "9007199254740992", "-9007199254740992", "123456789012345678901"})
    void numbers_that_some_reader_would_change_are_refused(String number) {
        assertThatThrownBy(() -> CanonicalJson.text(CanonicalJson.parse(number)))
                .isInstanceOf(SelvageException.class);
    }

    @Test
    void half_of_a_surrogate_pair_is_refused() {
        assertThatThrownBy(() -> CanonicalJson.text("\ud83d")).isInstanceOf(SelvageException.class);
        assertThatThrownBy(() -> CanonicalJson.text("\ude00\ud83d")).isInstanceOf(SelvageException.class);
    }

    @Test
    void nesting_is_bounded() {
        assertThatThrownBy(() -> CanonicalJson.parse("[".repeat(65) + "]".repeat(65)))
                .isInstanceOf(SelvageException.class);
        CanonicalJson.parse("[".repeat(64) + "]".repeat(64));
    }

    @Test
    void bytes_travel_as_base64() {
        var bytes = new ContractApi.Bytes(new byte[] {1, 2, (byte) 0xff});
        assertThat(CanonicalJson.text(bytes)).isEqualTo("{\"bytes\":\"AQL/\"}");
        assertThat(CanonicalJson.read(CanonicalJson.text(bytes), ContractApi.Bytes.class)
                        .bytes())
                .containsExactly(1, 2, 0xff);
    }

    @Test
    void a_missing_number_an_unknown_name_or_a_number_as_text_is_refused() {
        for (String part : List.of(
                "{\"task\":\"x\",\"subTask\":\"a\",\"attempt\":1,\"role\":\"r\"}",
                "{\"task\":\"x\",\"subTask\":\"a\",\"index\":0,\"attempt\":1,\"role\":\"r\",\"more\":1}",
                "{\"task\":\"x\",\"subTask\":\"a\",\"index\":\"0\",\"attempt\":1,\"role\":\"r\"}",
                "{\"task\":1,\"subTask\":\"a\",\"index\":0,\"attempt\":1,\"role\":\"r\"}",
                "{\"task\":\"x\",\"subTask\":\"a\",\"index\":0.0,\"attempt\":1,\"role\":\"r\"}")) {
            assertThatThrownBy(() -> CanonicalJson.read(part, ContractApi.Part.class))
                    .as(part)
                    .isInstanceOf(SelvageException.class);
        }
    }
}
