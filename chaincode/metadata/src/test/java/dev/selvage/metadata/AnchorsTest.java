package dev.selvage.metadata;

import static dev.selvage.metadata.Market.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contract.testing.Identity;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.integrity.AnchorLimits;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.DataName;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataApi.NewAnchor;
import dev.selvage.model.integrity.MetadataEvent;
import dev.selvage.model.integrity.MetadataFacts.AnchorFact;
import dev.selvage.model.integrity.MetadataFacts.DataFact;
import dev.selvage.model.integrity.MetadataFacts.Prover;
import dev.selvage.model.integrity.MetadataKeys;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnchorsTest {
    private final Market market = new Market();

    private static NewAnchor with(NewAnchor from, Integer leaves, Long length, Digest root2, Digest key, Long expires) {
        return new NewAnchor(
                from.name(),
                from.version(),
                from.mode(),
                leaves == null ? from.leaves() : leaves,
                length == null ? from.length() : length,
                from.blockSize(),
                from.root(),
                root2,
                key,
                null,
                expires);
    }

    @Test
    void a_merkle_anchor_holds_what_an_audit_needs() {
        var fact = market.anchor(AuditMode.MERKLE, 1);
        assertThat(fact.data()).isEqualTo(Market.FLIGHTS);
        assertThat(fact.file()).isEqualTo(Market.FLIGHTS.file());
        assertThat(fact.sectors()).isZero();
        assertThat(fact.key()).isNull();
        assertThat(fact.publicKey()).isNull();
    }

    @Test
    void a_sectored_anchor_holds_key_and_sectors() {
        market.registerKey();
        var fact = market.anchor(AuditMode.SECTORED, 1);
        assertThat(fact.sectors()).isEqualTo(10);
        assertThat(fact.publicKey()).isEqualTo(Market.registration().publicKey());
        assertThat(fact.generator()).isNull();
    }

    @Test
    void a_paper_anchor_holds_generator_key_and_both_roots() {
        market.registerKey();
        var fact = market.anchor(AuditMode.PAPER, 1);
        assertThat(fact.generator()).isEqualTo(Market.PAIRING.g2Generator().compressed());
        assertThat(fact.publicKey()).isEqualTo(Market.registration().publicKey());
        assertThat(fact.root2()).isEqualTo(Market.digest("root 2"));
    }

    @Test
    void versions_grow_by_one_and_never_change() {
        assertThat(refusal(() -> market.anchor(AuditMode.MERKLE, 2))).isEqualTo(ErrorCode.ANCHOR_VERSION);
        market.anchor(AuditMode.MERKLE, 1);
        assertThat(refusal(() -> market.anchor(AuditMode.MERKLE, 3))).isEqualTo(ErrorCode.ANCHOR_VERSION);
        var other = with(Market.request(AuditMode.MERKLE, 1), 22, 22 * 310L, null, null, null);
        assertThat(refusal(() -> market.anchor(other))).isEqualTo(ErrorCode.ANCHOR_VERSION);
        assertThat(market.anchor(AuditMode.MERKLE, 2).version()).isEqualTo(2);
        assertThat(refusal(() -> market.anchor(AuditMode.MERKLE, 0))).isEqualTo(ErrorCode.REQUEST_INVALID);
    }

    @Test
    void the_same_version_again_changes_nothing() {
        market.anchor(AuditMode.MERKLE, 1);
        market.anchor(AuditMode.MERKLE, 2);
        var again = market.ledger.submit(Market.SELLER, MetadataApi.ANCHOR, Market.request(AuditMode.MERKLE, 1));
        assertThat(again.writes()).isEmpty();
        assertThat(again.answer(AnchorFact.class).version()).isEqualTo(1);
    }

    @Test
    void two_versions_at_once_are_one() {
        var one = market.ledger.endorse(Market.SELLER, MetadataApi.ANCHOR, Market.request(AuditMode.MERKLE, 1));
        var other = market.ledger.endorse(
                Identity.admin("EwrMSP"),
                MetadataApi.ANCHOR,
                with(Market.request(AuditMode.MERKLE, 1), 22, 22 * 310L, null, null, null));
        assertThat(market.ledger.commit(List.of(one, other)))
                .extracting(Enum::name)
                .containsExactly("VALID", "MVCC_READ_CONFLICT");
    }

    @Test
    void members_write_under_their_own_organisation_only() {
        market.ledger.submit(Market.BUYER, MetadataApi.ANCHOR, Market.request(AuditMode.MERKLE, 1));
        assertThat(market.ledger.state)
                .containsKey(MetadataKeys.anchor(new DataName("JfkMSP", "flights"), 1))
                .doesNotContainKey(MetadataKeys.anchor(Market.FLIGHTS, 1));
        market.registerKey();
        assertThat(refusal(() ->
                        market.ledger.submit(Market.BUYER, MetadataApi.ANCHOR, Market.request(AuditMode.SECTORED, 2))))
                .as("under another's key")
                .isEqualTo(ErrorCode.DATA_KEY_UNKNOWN);
    }

    @Test
    void fields_that_contradict_each_other_are_refused() {
        market.registerKey();
        var merkle = Market.request(AuditMode.MERKLE, 1);
        var sectored = Market.request(AuditMode.SECTORED, 1);
        var paper = Market.request(AuditMode.PAPER, 1);
        var root = Market.digest("x");
        for (var wrong : List.of(
                with(merkle, 20, null, null, null, null),
                with(merkle, null, -1L, null, null, null),
                with(merkle, null, Long.MAX_VALUE - 1, null, null, null),
                with(merkle, null, null, root, null, null),
                with(merkle, null, null, null, Market.keyDigest(), null),
                with(sectored, null, null, null, null, null),
                with(sectored, null, null, root, Market.keyDigest(), null),
                with(paper, null, null, null, Market.keyDigest(), null),
                with(merkle, null, null, null, null, 5L),
                new NewAnchor("a/b", 1, AuditMode.MERKLE, 1, 1, 64, root, null, null, null, null),
                new NewAnchor("a", 1, AuditMode.MERKLE, 1, 1, 0, root, null, null, null, null),
                new NewAnchor("a", 1, AuditMode.MERKLE, 1, 1, 64, null, null, null, null, null),
                new NewAnchor("a", 1, null, 1, 1, 64, root, null, null, null, null))) {
            assertThat(refusal(() -> market.anchor(wrong))).as("%s", wrong).isEqualTo(ErrorCode.REQUEST_INVALID);
        }
    }

    /** What is anchored has to fit into the memory of the nodes that audit it. */
    @Test
    void versions_that_no_node_could_audit_are_refused() {
        market.registerKey();
        for (var wrong : List.of(
                sized(AuditMode.MERKLE, 1, AnchorLimits.SMALLEST_BLOCK - 1),
                sized(AuditMode.MERKLE, 1, AnchorLimits.LARGEST_BLOCK + 1),
                sized(AuditMode.SECTORED, AnchorLimits.LEAVES * 4096L + 1, 4096),
                sized(AuditMode.MERKLE, AnchorLimits.MERKLE_LEAVES * 4096L + 1, 4096),
                sized(AuditMode.MERKLE, AnchorLimits.LONGEST_IN_GROUPS + 1, 1 << 19),
                sized(AuditMode.SECTORED, 1, AnchorLimits.LARGEST_SECTORED_BLOCK + 1),
                sized(AuditMode.SECTORED, 1, Integer.MAX_VALUE),
                sized(AuditMode.PAPER, AnchorLimits.PAPER_LEAVES * 4096L + 1, 4096),
                sized(AuditMode.MERKLE, Long.MAX_VALUE, 4096))) {
            assertThat(refusal(() -> market.anchor(wrong))).as("%s", wrong).isEqualTo(ErrorCode.REQUEST_INVALID);
        }
        var largest = market.anchor(sized(
                AuditMode.SECTORED,
                (long) AnchorLimits.LEAVES * AnchorLimits.LARGEST_SECTORED_BLOCK,
                AnchorLimits.LARGEST_SECTORED_BLOCK));
        assertThat(largest.leaves()).isEqualTo(AnchorLimits.LEAVES);
        assertThat(largest.sectors()).isEqualTo(8457);
    }

    private static NewAnchor sized(AuditMode mode, long length, int blockSize) {
        int leaves = (int) Math.min(AnchorLimits.MERKLE_LEAVES + 1, (length - 1) / blockSize + 1);
        return new NewAnchor(
                "a",
                1,
                mode,
                leaves,
                length,
                blockSize,
                Market.digest("x"),
                mode == AuditMode.PAPER ? Market.digest("y") : null,
                mode.needsKey() ? Market.keyDigest() : null,
                null,
                null);
    }

    @Test
    void an_owner_names_provers_and_takes_them_back() {
        assertThat(refusal(market::nameStore)).isEqualTo(ErrorCode.ANCHOR_UNKNOWN);
        market.anchor(AuditMode.MERKLE, 1);
        var store = List.of(new Prover("LgaMSP", "store1", Market.STORE.spki()));
        var named = market.ledger.submit(
                Market.SELLER, MetadataApi.NAME_PROVERS, new MetadataApi.NewProvers("flights", store));
        assertThat(Market.facts(named)).containsExactly(new MetadataEvent.Provers(Market.FLIGHTS, store));
        assertThat(market.ledger
                        .submit(Market.SELLER, MetadataApi.NAME_PROVERS, new MetadataApi.NewProvers("flights", store))
                        .writes())
                .as("the same again")
                .isEmpty();
        market.anchor(AuditMode.MERKLE, 2);
        assertThat(market.ask(
                                MetadataApi.GET_ANCHOR,
                                new MetadataApi.AnchorQuery(Market.FLIGHTS, null),
                                MetadataApi.AnchorView.class)
                        .provers())
                .as("a new version keeps them")
                .isEqualTo(store);
        var none = market.submit(
                Market.SELLER,
                MetadataApi.NAME_PROVERS,
                new MetadataApi.NewProvers("flights", List.of()),
                DataFact.class);
        assertThat(none.provers()).isEmpty();
        assertThat(none.version()).isEqualTo(2);
    }

    @Test
    void provers_of_a_wrong_form_are_refused() {
        market.anchor(AuditMode.MERKLE, 1);
        var whole = new Prover("LgaMSP", null, null);
        for (var wrong : List.of(
                List.of(new Prover("LgaMSP", "store1", null)),
                List.of(new Prover("LgaMSP", null, Market.STORE.spki())),
                List.of(new Prover("L/a", null, null)),
                List.of(new Prover(null, null, null)),
                List.of(whole, whole),
                Collections.nCopies(9, whole))) {
            assertThat(refusal(() -> market.ledger.submit(
                            Market.SELLER, MetadataApi.NAME_PROVERS, new MetadataApi.NewProvers("flights", wrong))))
                    .as("%s", wrong)
                    .isEqualTo(ErrorCode.REQUEST_INVALID);
        }
        var others = new MetadataApi.NewProvers("flights", List.of(whole));
        assertThat(refusal(() -> market.ledger.submit(Market.BUYER, MetadataApi.NAME_PROVERS, others)))
                .as("only the owner's members: the name is the buyer's own, where nothing is anchored")
                .isEqualTo(ErrorCode.ANCHOR_UNKNOWN);
    }

    @Test
    void versions_and_names_are_listed_page_by_page() {
        for (int version = 1; version <= 5; version++) {
            market.anchor(AuditMode.MERKLE, version);
        }
        var first = page(null);
        assertThat(first.path("items")).hasSize(2);
        assertThat(first.path("items").get(0).path("version").asInt()).isEqualTo(1);
        var second = page(first.path("bookmark").asText());
        assertThat(second.path("items").get(0).path("version").asInt()).isEqualTo(3);
        var third = page(second.path("bookmark").asText());
        assertThat(third.path("items")).hasSize(1);
        assertThat(third.has("bookmark")).isFalse();

        var names = CanonicalJson.parse(market.ledger
                .endorse(Market.THIRD, MetadataApi.LIST_DATA, new MetadataApi.OwnerQuery("EwrMSP", null))
                .answer());
        assertThat(names.path("items")).hasSize(1);
        assertThat(names.path("items").get(0).path("version").asInt()).isEqualTo(5);
        assertThat(refusal(() -> page("audit/x"))).isEqualTo(ErrorCode.REQUEST_INVALID);
    }

    private com.fasterxml.jackson.databind.JsonNode page(String bookmark) {
        return CanonicalJson.parse(market.ledger
                .endorse(
                        Market.THIRD,
                        MetadataApi.LIST_ANCHORS,
                        new MetadataApi.DataQuery(Market.FLIGHTS, new ContractApi.Page(bookmark, 2)))
                .answer());
    }

    @Test
    void unknown_names_versions_and_keys_are_told() {
        var query = new MetadataApi.AnchorQuery(Market.FLIGHTS, null);
        assertThat(refusal(() -> market.ask(MetadataApi.GET_ANCHOR, query, MetadataApi.AnchorView.class)))
                .isEqualTo(ErrorCode.ANCHOR_UNKNOWN);
        market.anchor(AuditMode.MERKLE, 1);
        var two = new MetadataApi.AnchorQuery(Market.FLIGHTS, 2);
        assertThat(refusal(() -> market.ask(MetadataApi.GET_ANCHOR, two, MetadataApi.AnchorView.class)))
                .isEqualTo(ErrorCode.ANCHOR_UNKNOWN);
        assertThat(refusal(() -> market.anchor(AuditMode.SECTORED, 2))).isEqualTo(ErrorCode.DATA_KEY_UNKNOWN);
        var key = new MetadataApi.KeyQuery("EwrMSP", Market.keyDigest());
        assertThat(refusal(() -> market.ask(MetadataApi.GET_KEY, key, MetadataApi.KeyView.class)))
                .isEqualTo(ErrorCode.DATA_KEY_UNKNOWN);
    }

    @Test
    void what_changes_keeps_its_history() {
        market.anchor(AuditMode.MERKLE, 1);
        market.anchor(AuditMode.MERKLE, 2);
        var changes = CanonicalJson.readList(
                market.ledger
                        .endorse(
                                Market.THIRD,
                                MetadataApi.GET_HISTORY,
                                new ContractApi.KeyQuery(MetadataKeys.data(Market.FLIGHTS)))
                        .answer(),
                ContractApi.Change.class);
        assertThat(changes)
                .extracting(change -> change.value().path("version").asInt())
                .containsExactly(2, 1);
    }
}
