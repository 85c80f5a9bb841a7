package dev.selvage.chaincode;

import static dev.selvage.chaincode.Channel.refusal;
import static dev.selvage.chaincode.Channel.success;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Keys;
import dev.selvage.model.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class QueriesTest {
    private final Channel channel = new Channel();

    private List<JsonNode> all(String function, Function<ContractApi.Page, Object> request, int size) {
        List<JsonNode> all = new ArrayList<>();
        String bookmark = null;
        do {
            var endorsed =
                    channel.ledger.endorse(Channel.USER, function, request.apply(new ContractApi.Page(bookmark, size)));
            assertThat(endorsed.writes()).isEmpty();
            var page = CanonicalJson.parse(endorsed.answer());
            assertThat(page.path("items").size()).isLessThanOrEqualTo(size);
            page.path("items").forEach(all::add);
            bookmark = page.path("bookmark").textValue();
        } while (bookmark != null);
        return all;
    }

    @Test
    void tasks_are_listed_with_their_states() {
        var digest = channel.deploy(Flows.flow().one("a", "ewr").build());
        for (int i = 0; i < 7; i++) {
            String task = channel.create(Channel.USER, digest, Map.of()).task();
            if (i % 2 == 0) {
                channel.submit("EwrMSP", success(task, "a", "ewr"));
            }
        }
        var listed = all(ContractApi.LIST_TASKS, page -> page, 3);

        assertThat(listed).hasSize(7);
        assertThat(listed.stream().filter(task -> task.path("state").asText().equals(TaskState.SUCCEEDED.toString())))
                .hasSize(4);
    }

    @Test
    void a_node_finds_what_it_has_to_do_without_what_has_ended() {
        var digest = channel.deploy(
                Flows.flow().one("a", "ewr").one("b", "jfk").eachRole("each").build());
        String gone = channel.create(Channel.USER, digest, Map.of()).task();
        String open = channel.create(Channel.USER, digest, Map.of()).task();
        var leftOver = channel.ledger.state.get(Keys.todo(Channel.node("EwrMSP"), gone, "a"));
        channel.ledger.submit(Channel.USER, ContractApi.CANCEL, new ContractApi.TaskAct(gone, null));
        channel.ledger.state.put(Keys.todo(Channel.node("EwrMSP"), gone, "a"), leftOver);

        var todo = all(ContractApi.GET_TODO, page -> new ContractApi.TodoQuery(Channel.node("EwrMSP"), page), 1);
        assertThat(todo).extracting(item -> item.path("task").asText()).containsExactly(open, open);
        assertThat(todo).extracting(item -> item.path("subTask").asText()).containsExactly("a", "each");
    }

    @Test
    void results_done_and_ready_are_paged_in_order_of_the_index() {
        String task = channel.create(Flows.flow().allNodes().count("c", 25).build(), Flows.nodes());
        for (int i = 24; i >= 0; i--) {
            channel.submit(Channel.MSPS.get(i % 3), success(task, "c", i, 1, "all", "x"));
        }
        for (String function : List.of(ContractApi.GET_RESULTS, ContractApi.GET_DONE)) {
            var listed = all(function, page -> new ContractApi.SubTaskQuery(task, "c", page), 10);
            assertThat(listed)
                    .extracting(item -> item.path("index").asInt())
                    .hasSize(25)
                    .isSorted();
        }
        assertThat(all(ContractApi.GET_READY, page -> new ContractApi.SubTaskQuery(task, "c", page), 10))
                .hasSize(1);
    }

    @Test
    void a_result_is_found_or_null() {
        String task = channel.create(Flows.flow().one("a", "ewr").build());
        var part = new ContractApi.Part(task, "a", 0, 1, "ewr");
        assertThat(channel.ledger
                        .endorse(Channel.USER, ContractApi.GET_RESULT, part)
                        .answer())
                .isEqualTo("null");
        channel.submit("EwrMSP", success(task, "a", "ewr"));

        assertThat(channel.ledger
                        .evaluate(Channel.USER, ContractApi.GET_RESULT, part, Facts.ResultFact.class)
                        .node())
                .isEqualTo(Channel.node("EwrMSP"));
    }

    @Test
    void history_is_newest_first_with_deletions() {
        String task = channel.create(Flows.flow().one("a", "ewr").build());
        channel.submit("EwrMSP", success(task, "a", "ewr"));
        var changes = channel.ledger
                .endorse(
                        Channel.USER,
                        ContractApi.GET_HISTORY,
                        new ContractApi.KeyQuery(Keys.todo(Channel.node("EwrMSP"), task, "a")))
                .answers(ContractApi.Change.class);

        assertThat(changes).extracting(ContractApi.Change::deleted).containsExactly(true, false);
        assertThat(changes.get(1).value().path("task").asText()).isEqualTo(task);
    }

    @Test
    void a_bookmark_of_another_list_is_refused() {
        assertThat(refusal(() -> channel.ledger.endorse(
                        Channel.USER, ContractApi.LIST_TASKS, new ContractApi.Page("nodeKey/x", 1))))
                .isEqualTo(ErrorCode.REQUEST_INVALID);
    }

    @Test
    void outputs_and_pinned_inputs_that_are_not_there_have_a_code() {
        String task = channel.create(Flows.flow().one("a", "ewr").build());
        assertThat(refusal(() -> channel.ledger.endorse(
                        Channel.USER, ContractApi.GET_OUTPUT, new ContractApi.OutputQuery(task, "a", 0, "out"))))
                .isEqualTo(ErrorCode.RESULT_UNKNOWN);
    }
}
