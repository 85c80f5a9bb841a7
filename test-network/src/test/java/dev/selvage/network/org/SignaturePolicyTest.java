package dev.selvage.network.org;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.selvage.model.SelvageException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignaturePolicyTest {
    @TempDir
    static Path folder;

    private static Organisations organisations;

    @BeforeAll
    static void make() {
        organisations = Organisations.open(folder.resolve("organizations"), OrganisationsPlan.of(3), Clock.systemUTC());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AND('EwrMSP.peer','JfkMSP.peer') | Ewr.peer0 Jfk.peer0 | true",
                "AND('EwrMSP.peer','JfkMSP.peer') | Ewr.peer0 Lga.peer0 | false",
                "AND('EwrMSP.peer','JfkMSP.peer') | Ewr.peer0 Jfk.User1 | false",
                "AND('EwrMSP.member','EwrMSP.member') | Ewr.peer0 Ewr.peer0 | false",
                "AND('EwrMSP.member','EwrMSP.member') | Ewr.peer0 Ewr.User1 | true",
                "or('EwrMSP.peer', and('JfkMSP.peer','LgaMSP.peer')) | Jfk.peer0 Lga.peer0 | true",
                "OutOf(2,'EwrMSP.peer','JfkMSP.peer','LgaMSP.peer') | Ewr.peer0 Lga.peer0 | true",
                "OutOf(2,'EwrMSP.peer','JfkMSP.peer','LgaMSP.peer') | Lga.peer0 | false",
                "OR('EwrMSP.admin') | Ewr.Admin | true",
                "OR('EwrMSP.admin') | Ewr.User1 | false",
                // greedy from left to right, as Fabric: member takes the admin, so that none is left for admin
                "AND('EwrMSP.member','EwrMSP.admin') | Ewr.Admin Ewr.User1 | false",
                "AND('EwrMSP.member','EwrMSP.admin') | Ewr.User1 Ewr.Admin | true",
            })
    void evaluates_as_fabric_does(String policy, String signers, boolean satisfied) {
        SignaturePolicy parsed = SignaturePolicy.parse(policy);
        assertThat(parsed.satisfiedBy(members(signers))).isEqualTo(satisfied);
        SignaturePolicy back = SignaturePolicy.fromProto(parsed.toProto().toByteString());
        assertThat(back).isEqualTo(parsed);
        assertThat(SignaturePolicy.parse(parsed.toString())).isEqualTo(parsed);
    }

    @Test
    void majority_is_more_than_half() {
        assertThat(organisations.channel().majority())
                .hasToString("OutOf(2, 'EwrMSP.peer', 'JfkMSP.peer', 'LgaMSP.peer')");
        assertThat(SignaturePolicy.majority(List.of("A", "B", "C", "D")).toString())
                .startsWith("OutOf(3,");
        assertThat(SignaturePolicy.majority(List.of("A"))).hasToString("AND('A.peer')");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AND('EwrMSP.peer' | column 18: expected ')', found the end",
                "XOR('EwrMSP.peer') | column 1: expected AND(...), OR(...) or OutOf(n, ...), found 'XOR('EwrMSP.'",
                "AND('EwrMSP.boss') | column 5: expected 'MSP.role' with role member",
                "AND('EwrMSP') | column 5: expected 'MSP.role'",
                "AND('EwrMSP.peer | column 5: the quote is not closed",
                "OutOf('EwrMSP.peer') | column 7: expected a number",
                "OutOf(3, 'EwrMSP.peer') | column 1: OutOf(3, ...) names 1 rules",
                "OutOf(0, 'EwrMSP.peer') | column 1: OutOf(0, ...)",
                "OR('EwrMSP.peer') x | column 19: expected the end, found 'x'",
                "OR() | column 4: expected AND(...)",
            })
    void names_the_column_of_a_fault(String policy, String sentence) {
        assertThatThrownBy(() -> SignaturePolicy.parse(policy))
                .isInstanceOf(SelvageException.class)
                .hasMessageContaining("POLICY_INVALID")
                .hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "'EwrMSP.peer'"})
    void a_policy_is_a_gate(String policy) {
        assertThatThrownBy(() -> SignaturePolicy.parse(policy)).isInstanceOf(SelvageException.class);
    }

    @Test
    void bounds_depth_and_length() {
        assertThatThrownBy(() -> SignaturePolicy.parse("OR(".repeat(100))).hasMessageContaining("nested");
        assertThatThrownBy(() -> SignaturePolicy.parse(" ".repeat(20_000))).hasMessageContaining("longer");
    }

    @Test
    void refuses_bytes_that_are_no_policy() {
        assertThatThrownBy(() -> SignaturePolicy.fromProto(ByteString.copyFromUtf8("rubbish")))
                .isInstanceOf(SelvageException.class);
        assertThatThrownBy(() -> SignaturePolicy.fromProto(ByteString.EMPTY)).isInstanceOf(SelvageException.class);
    }

    private static List<Member> members(String names) {
        return Arrays.stream(names.strip().split(" ", -1))
                .map(name -> name.split("\\.", -1))
                .map(parts -> organisations.get(parts[0] + "MSP").signer(parts[1]))
                .map(signer -> organisations.channel().identify(signer.serializedIdentity()))
                .map(verdict -> verdict.<Member>fold(known -> known, refused -> {
                    throw new AssertionError(refused.sentence());
                }))
                .toList();
    }
}
