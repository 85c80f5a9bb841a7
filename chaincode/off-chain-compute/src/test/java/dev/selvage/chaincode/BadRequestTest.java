package dev.selvage.chaincode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.contract.Settings;
import dev.selvage.contract.testing.Identity;
import dev.selvage.contract.testing.Simulation;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whatever is sent, the answer is a fault with a code of the user's, never "Unexpected error" and never an internal one. */
class BadRequestTest {
    private static final List<String> WRONG =
            List.of("null", "[]", "{}", "\"\"", "\"/../x\"", "-1", "1.5", "99999999999999999999", "true", "[null]");

    private final Channel channel = new Channel();
    private final Digest workflow = channel.deploy(
            Flows.flow().allNodes().one("a", "ewr").count("c", 3, "a").build());
    private final String task =
            channel.create(Channel.USER, workflow, Flows.nodes()).task();

    private Map<String, Object> requests() {
        Map<String, Object> requests = new TreeMap<>();
        var flow =
                Flows.flow().named("other", "1.0.0").allNodes().one("a", "ewr").count("c", 3, "a");
        requests.put(ContractApi.DEPLOY_WORKFLOW, new ContractApi.Deployment(flow.build(), List.of(Flows.OPERATION)));
        requests.put(
                ContractApi.REGISTER_NODE,
                new ContractApi.NodeRegistration(
                        "node1", Identity.node("EwrMSP", "node1").pem()));
        requests.put(ContractApi.REVOKE_NODE, new ContractApi.NodeRevocation("node1", Digest.of(new byte[0])));
        requests.put(
                ContractApi.UPDATE_NODE_INFO,
                new ContractApi.NodeInfo("node1", "h:1", Map.of(Flows.OP, workflow), null));
        requests.put(
                ContractApi.CREATE_TASK,
                new ContractApi.NewTask(
                        workflow, CanonicalJson.tree(Flows.nodes()), channel.binding(workflow, Flows.nodes()), null));
        for (String act : List.of(ContractApi.APPROVE, ContractApi.REJECT, ContractApi.CANCEL)) {
            requests.put(act, new ContractApi.TaskAct(task, "why"));
        }
        requests.put(
                ContractApi.SUBMIT_RESULTS,
                new ContractApi.Submission("node1", List.of(Channel.opening(Channel.success(task, "a", "ewr"), "c"))));
        requests.put(ContractApi.ADVANCE, List.of(ContractApi.Step.retry(task, "a", 0, 1)));
        requests.put(ContractApi.EXPIRE, List.of(new ContractApi.Part(task, "a", 0, 1, "ewr")));
        var page = new ContractApi.Page("task/", 5);
        requests.put(ContractApi.GET_WORKFLOW, new ContractApi.WorkflowQuery(workflow, "test", "1.0.0"));
        requests.put(ContractApi.LIST_WORKFLOWS, new ContractApi.Page("workflowName/", 5));
        requests.put(ContractApi.LIST_NODES, new ContractApi.Page("nodeKey/", 5));
        requests.put(ContractApi.LIST_TASKS, page);
        requests.put(
                ContractApi.PROPOSE_BINDING, new ContractApi.RoleQuery(workflow, CanonicalJson.tree(Flows.nodes())));
        requests.put(ContractApi.GET_TASK, new ContractApi.TaskQuery(task));
        requests.put(ContractApi.GET_TODO, new ContractApi.TodoQuery(Channel.node("EwrMSP"), null));
        for (String list : List.of(ContractApi.GET_RESULTS, ContractApi.GET_READY, ContractApi.GET_DONE)) {
            requests.put(list, new ContractApi.SubTaskQuery(task, "a", new ContractApi.Page(null, 5)));
        }
        requests.put(ContractApi.GET_RESULT, new ContractApi.Part(task, "a", 0, 1, "ewr"));
        requests.put(ContractApi.GET_PINNED, new ContractApi.PinnedQuery(task, "a", "x"));
        requests.put(ContractApi.GET_OUTPUT, new ContractApi.OutputQuery(task, "a", 0, "out"));
        requests.put(ContractApi.GET_HISTORY, new ContractApi.KeyQuery("task/" + task));
        requests.put(ContractApi.PERMISSIONS, new ContractApi.PermissionQuery(task, null));
        return requests;
    }

    @Test
    void every_part_of_every_request_may_be_wrong() {
        List<String> failures = new ArrayList<>();
        var requests = new ArrayList<>(requests().entrySet());
        requests.add(Map.entry(ContractApi.DEPLOY_WORKFLOW, rich()));
        requests.forEach(entry -> {
            String function = entry.getKey();
            Object request = entry.getValue();
            JsonNode right = CanonicalJson.tree(CanonicalJson.parse(CanonicalJson.text(request)));
            for (JsonNode wrong : variants(right)) {
                ErrorCode code = answer(function, wrong.toString());
                if (code == ErrorCode.INTERNAL) {
                    failures.add(function + " " + wrong);
                }
            }
        });
        assertThat(failures).isEmpty();
    }

    /** A deployment with every kind of input, forEach and bound. */
    private static JsonNode rich() {
        return CanonicalJson.parse("""
                {"workflow": {"selvage": "workflow/v1", "name": "rich", "version": "1.0.0",
                  "parameters": {"month": {"type": "integer", "minimum": 1, "default": 7},
                                 "names": {"type": "array", "items": {"type": "string", "pattern": "[a-z]+"}}},
                  "operations": {"test.op/1": "%s"},
                  "access": {"create": ["EwrMSP"], "approve": ["EwrMSP"], "cancel": ["creator"], "read": "channel"},
                  "roles": {"ewr": {"node": "EwrMSP/node1"}, "any": {"msp": "JfkMSP"}, "list": {"parameter": "names"}},
                  "subTasks": {
                    "a": {"participants": {"at": {"operation": "test.op/1"}},
                          "forEach": {"role": ["ewr", "any"], "as": "at"},
                          "inputs": {"i": {"item": "at"}, "n": {"index": "at"}, "m": {"parameter": "month"},
                                     "d": {"data": "flights"}, "v": {"value": [1]},
                                     "s": {"state": {"chaincode": "c", "function": "f", "args": ["x"]}, "pin": "read"}},
                          "outputs": {"out": {"visibility": ["any"], "maxSize": 5}},
                          "requirement": {"cpus": 1}, "deadlines": {"run": 5},
                          "retry": {"attempts": 2, "categories": ["RESOURCE"], "wait": {"first": 1, "max": 2}}},
                    "b": {"participants": {"any": {"operation": "test.op/1"}},
                          "forEach": {"parameter": "names", "as": "x"},
                          "inputs": {"r": {"result": "a", "output": "out"}}, "dependsOn": ["a"], "runIf": "always",
                          "outputs": {"out": {"visibility": ["channel"], "onLedger": true}}, "result": {"policy": "all"}}},
                  "results": {"table": {"result": "b", "output": "out"}}},
                 "operations": [{"selvage": "operation/v1", "operation": "test.op/1", "deterministic": true,
                   "parameters": {"v": {"type": "array", "enum": [[1]]}, "m": {"type": "integer"}},
                   "inputs": {"r": {"mediaType": "text/csv", "many": true,
                                    "columns": [{"name": "c", "type": "decimal", "scale": 2}]}},
                   "outputs": {"out": {"mediaType": "text/csv", "columns": [{"name": "c", "type": "text"}], "order": ["c"]}},
                   "cases": [{"name": "x", "parameters": {"m": 1}, "inputs": {"r": [{"label": "l", "text": "t"}]},
                              "outputs": {"out": "c"}}]}]}
                """.formatted(Digest.ofJson(Flows.OPERATION)));
    }

    private ErrorCode answer(String function, String text) {
        try {
            channel.ledger.endorse(Identity.node("EwrMSP", "node1"), List.of(function, text));
            return null;
        } catch (SelvageException refused) {
            return refused.code();
        }
    }

    /** The request with each of its values, at any depth, replaced by what does not belong there, or left out. */
    private static List<JsonNode> variants(JsonNode right) {
        List<JsonNode> variants = new ArrayList<>();
        for (String wrong : WRONG) {
            JsonNode value = CanonicalJson.parse(wrong);
            variants.add(value);
            replace(right, right, value, variants);
        }
        replace(right, right, null, variants);
        return variants;
    }

    private static void replace(JsonNode root, JsonNode at, JsonNode value, List<JsonNode> variants) {
        if (at instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                JsonNode before = object.get(name);
                if (value == null) {
                    object.remove(name);
                } else {
                    object.set(name, value);
                }
                variants.add(root.deepCopy());
                object.set(name, before);
                replace(root, before, value, variants);
            }
        } else if (at instanceof ArrayNode array && value != null) {
            for (int i = 0; i < array.size(); i++) {
                JsonNode before = array.get(i);
                array.set(i, value);
                variants.add(root.deepCopy());
                array.set(i, before);
                replace(root, before, value, variants);
            }
        }
    }

    @Test
    void unknown_functions_wrong_numbers_of_arguments_and_rubbish_are_told() {
        assertThat(answer("GetTsk", "{}")).isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(refused(List.of("GetTask", "{}", "{}"))).isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(refused(List.of())).isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(answer("GetTask", "not json")).isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(answer("GetTask", "[".repeat(1_000))).isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(answer("GetTask", "{\"task\":1,\"task\":2}")).isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(answer("GetTask", " ".repeat(2_000_000))).isEqualTo(ErrorCode.TOO_LARGE);
    }

    private ErrorCode refused(List<String> words) {
        var simulation = new Simulation(channel.ledger, Channel.USER, "0".repeat(64), java.time.Instant.EPOCH, words);
        var answer = new ComputeChaincode(Settings.DEFAULT).invoke(simulation);
        assertThat(answer.getStatusCode()).isEqualTo(500);
        return SelvageException.fromWire(answer.getMessage()).orElseThrow().code();
    }

    @Test
    void a_list_may_be_asked_for_without_an_argument() {
        channel.ledger.endorse(Channel.USER, List.of(ContractApi.LIST_TASKS));
    }

    @Test
    void a_creator_that_is_no_certificate_is_told() {
        var simulation =
                new Simulation(
                        channel.ledger,
                        Channel.USER,
                        "0".repeat(64),
                        java.time.Instant.EPOCH,
                        List.of(ContractApi.CANCEL, CanonicalJson.text(new ContractApi.TaskAct(task, null)))) {
                    @Override
                    public byte[] getCreator() {
                        return new byte[] {1, 2, 3};
                    }
                };
        var answer = new ComputeChaincode(Settings.DEFAULT).invoke(simulation);
        assertThat(SelvageException.fromWire(answer.getMessage()).orElseThrow().code())
                .isEqualTo(ErrorCode.IDENTITY_INVALID);
    }
}
