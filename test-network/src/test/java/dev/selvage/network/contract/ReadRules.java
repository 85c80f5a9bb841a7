package dev.selvage.network.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.network.contract.LedgerUnderTest.Deployment;
import io.grpc.Status.Code;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.Test;

/** What reads show: order, pages, history, composite keys, and never a transaction's own writes. */
interface ReadRules extends LedgerCase {
    @Test
    default void ranges_come_in_the_order_of_utf8_bytes() throws Exception {
        String prefix = freshKey();
        // U+1F600 is above U+FFFD as UTF-8, below it as UTF-16
        List<String> suffixes = List.of("z", "A", "\uFFFD", "a", "\uD83D\uDE00", "\u00E9", "0");
        for (String suffix : suffixes) {
            ewr().submit("PutAsset", prefix + suffix, "ann", "1");
        }
        List<String> expected =
                new ArrayList<>(suffixes.stream().map(s -> prefix + s).toList());
        expected.sort(Comparator.comparing(key -> key.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned));
        String all = ewr().evaluate("GetRange", prefix, prefix + "\uDBFF\uDFFF");
        assertThat(List.of(all.split(",", -1))).isEqualTo(expected);
        assertThat(List.of(ewr().evaluate("GetAllAssets").split(",", -1))).containsSubsequence(expected);
    }

    @Test
    default void a_range_holds_its_start_and_not_its_end() throws Exception {
        String prefix = freshKey();
        for (String suffix : List.of("a", "b", "c")) {
            ewr().submit("PutAsset", prefix + suffix, "ann", "1");
        }
        assertThat(ewr().evaluate("GetRange", prefix + "a", prefix + "c")).isEqualTo(prefix + "a," + prefix + "b");
        assertThat(ewr().evaluate("GetRange", prefix + "c", prefix + "a")).isEmpty();
    }

    @Test
    default void a_range_longer_than_one_batch_comes_whole() throws Exception {
        String prefix = freshKey();
        List<SubmittedTransaction> sent = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 230; i++) {
            String key = prefix + String.format("%03d", i);
            expected.add(key);
            sent.add(ewr().send(Deployment.OPEN, "PutAsset", key, "ann", "1"));
        }
        for (SubmittedTransaction transaction : sent) {
            assertThat(code(transaction)).isEqualTo(TxValidationCode.VALID);
        }
        byte[] range = ewr().contract(Deployment.OPEN).evaluateTransaction("GetRange", prefix, prefix + "~");
        assertThat(new String(range, StandardCharsets.UTF_8).split(",", -1)).containsExactlyElementsOf(expected);
    }

    @Test
    default void pages_follow_each_other_by_bookmark() throws Exception {
        String prefix = freshKey();
        for (String suffix : List.of("a", "b", "c", "d", "e")) {
            ewr().submit("PutAsset", prefix + suffix, "ann", "1");
        }
        String[] first =
                ewr().evaluate("GetPage", prefix, prefix + "~", "2", "").split("\\|", -1);
        assertThat(first).containsExactly(prefix + "a," + prefix + "b", "2", prefix + "c");
        String[] second =
                ewr().evaluate("GetPage", prefix, prefix + "~", "2", first[2]).split("\\|", -1);
        assertThat(second).containsExactly(prefix + "c," + prefix + "d", "2", prefix + "e");
        String[] last =
                ewr().evaluate("GetPage", prefix, prefix + "~", "2", second[2]).split("\\|", -1);
        assertThat(last).containsExactly(prefix + "e", "1", "");
    }

    @Test
    default void a_page_that_ends_with_the_range_has_no_bookmark() throws Exception {
        String prefix = freshKey();
        ewr().submit("PutAsset", prefix + "a", "ann", "1");
        ewr().submit("PutAsset", prefix + "b", "ann", "1");
        assertThat(ewr().evaluate("GetPage", prefix, prefix + "~", "2", "")).isEqualTo(prefix + "a," + prefix + "b|2|");
        assertThat(ewr().evaluate("GetPage", prefix + "x", prefix + "~", "2", ""))
                .isEqualTo("|0|");
    }

    @Test
    default void a_transaction_that_pages_may_not_write() {
        Refusal refusal = refusal(() -> ewr().proposal(Deployment.ASSETS, "WriteAfterPage", "a", "b", freshKey())
                .endorse());
        assertThat(refusal.code()).isEqualTo(Code.ABORTED);
        assertThat(refusal.all()).contains("chaincode response 500");
    }

    @Test
    default void history_comes_newest_first_and_shows_deletions() throws Exception {
        String id = freshKey();
        List<String> expected = new ArrayList<>();
        for (String[] step : new String[][] {
            {"CreateAsset", id, "ann", "1"},
            {"UpdateAsset", id, "bob", "2"},
            {"DeleteAsset", id},
            {"CreateAsset", id, "cid", "3"}
        }) {
            String[] arguments = Arrays.copyOfRange(step, 1, step.length);
            SubmittedTransaction sent = ewr().send(Deployment.ASSETS, step[0], arguments);
            assertThat(code(sent)).isEqualTo(TxValidationCode.VALID);
            String value = step.length == 2 ? "deleted" : step[2] + ":" + step[3];
            expected.add(0, value + "@" + sent.getTransactionId());
        }
        assertThat(List.of(ewr().evaluate("GetHistory", id).split(",", -1))).isEqualTo(expected);
        assertThat(ewr().evaluate("GetHistory", freshKey())).isEmpty();
    }

    @Test
    default void history_leaves_out_what_was_found_invalid() throws Exception {
        String id = freshKey();
        var one =
                ewr().proposal(Deployment.ASSETS, "CreateAsset", id, "one", "1").endorse();
        var two =
                ewr().proposal(Deployment.ASSETS, "CreateAsset", id, "two", "2").endorse();
        SubmittedTransaction first = one.submitAsync();
        assertThat(code(first)).isEqualTo(TxValidationCode.VALID);
        assertThat(code(two.submitAsync())).isEqualTo(TxValidationCode.MVCC_READ_CONFLICT);
        assertThat(ewr().evaluate("GetHistory", id)).isEqualTo("one:1@" + first.getTransactionId());
    }

    @Test
    default void a_transaction_never_sees_its_own_writes() throws Exception {
        String id = freshKey();
        assertThat(ewr().submit("ReadOwnWrites", id, "mine")).isEqualTo("||");
        assertThat(ewr().evaluate("ReadAsset", id)).as("the last write holds").isEqualTo("mine:2");
        assertThat(ewr().evaluate("ReadOwnWrites", id, "other")).isEqualTo("mine:2|mine:2|" + id);
    }

    @Test
    default void an_empty_value_is_a_deletion() throws Exception {
        String id = freshKey();
        ewr().submit("CreateAsset", id, "ann", "1");
        ewr().submit("PutRaw", id, "");
        assertThat(ewr().evaluate("AssetExists", id)).isEqualTo("false");
        assertThat(ewr().evaluate("GetRange", id, id + "~")).isEmpty();
        assertThat(ewr().evaluate("GetHistory", id)).startsWith("deleted@");
    }

    @Test
    default void an_empty_key_is_refused() {
        assertThat(refusal(() -> ewr().proposal(Deployment.ASSETS, "PutRaw", "", "x")
                                .endorse())
                        .code())
                .isEqualTo(Code.ABORTED);
    }

    @Test
    default void composite_keys_are_found_by_their_first_part_and_not_by_plain_ranges() throws Exception {
        String color = freshKey();
        for (String id : List.of("2", "1", "3")) {
            ewr().submit("PutTagged", color, id);
        }
        ewr().submit("PutTagged", color + "x", "4");
        assertThat(ewr().evaluate("GetTagged", color)).isEqualTo("1,2,3");
        assertThat(ewr().evaluate("GetAllAssets")).doesNotContain("color~id");
    }
}
