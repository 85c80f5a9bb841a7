package dev.selvage.chaincode;

import static dev.selvage.chaincode.Channel.refusal;
import static dev.selvage.chaincode.Channel.success;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contract.testing.Identity;
import dev.selvage.contract.testing.MemoryLedger;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Keys;
import dev.selvage.model.NodeId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodesTest {
    private final Channel channel = new Channel();

    @Test
    void only_an_admin_registers_a_node() {
        var registration = new ContractApi.NodeRegistration(
                "node2", Identity.node("EwrMSP", "node2").pem());

        assertThat(refusal(
                        () -> channel.ledger.submit(Identity.user("EwrMSP"), ContractApi.REGISTER_NODE, registration)))
                .isEqualTo(ErrorCode.NOT_PERMITTED);
        channel.ledger.submit(Identity.admin("EwrMSP"), ContractApi.REGISTER_NODE, registration);
        var key = Keys.nodeKey(
                new NodeId("EwrMSP", "node2"), Identity.node("EwrMSP", "node2").spki());
        assertThat(channel.fact(key, Facts.NodeKeyFact.class).registeredBy()).isEqualTo("Admin");
    }

    @Test
    void an_admin_by_one_of_several_organisational_units_is_an_admin() {
        var admin = Identity.fresh("EwrMSP", "Boss", "CN=Boss,OU=org1+OU=admin");

        channel.ledger.submit(
                admin,
                ContractApi.REGISTER_NODE,
                new ContractApi.NodeRegistration(
                        "node2", Identity.node("EwrMSP", "node2").pem()));
        assertThat(refusal(() -> channel.ledger.submit(
                        Identity.fresh("EwrMSP", "admin", "CN=admin,OU=administrators"),
                        ContractApi.REGISTER_NODE,
                        new ContractApi.NodeRegistration(
                                "node3", Identity.node("EwrMSP", "node2").pem()))))
                .isEqualTo(ErrorCode.NOT_PERMITTED);
    }

    @Test
    void a_key_of_another_organisation_is_refused() {
        assertThat(refusal(() -> channel.ledger.submit(
                        Identity.admin("EwrMSP"),
                        ContractApi.REGISTER_NODE,
                        new ContractApi.NodeRegistration(
                                "node2", Identity.node("JfkMSP", "node1").pem()))))
                .isEqualTo(ErrorCode.IDENTITY_INVALID);
    }

    @Test
    void registering_again_rewrites_nothing() {
        var again = channel.ledger.submit(
                Identity.admin("EwrMSP"),
                ContractApi.REGISTER_NODE,
                new ContractApi.NodeRegistration(
                        "node1", Identity.node("EwrMSP", "node1").pem()));

        assertThat(again.writes()).isEmpty();
    }

    @Test
    void a_revoked_key_signs_no_result_and_never_returns() {
        String task = channel.create(Flows.flow().one("a", "ewr").build());
        var spki = Identity.node("EwrMSP", "node1").spki();
        channel.ledger.submit(
                Identity.admin("EwrMSP"), ContractApi.REVOKE_NODE, new ContractApi.NodeRevocation("node1", spki));

        assertThat(refusal(() -> channel.submit("EwrMSP", success(task, "a", "ewr"))))
                .isEqualTo(ErrorCode.NODE_REVOKED);
        assertThat(refusal(() -> channel.register("EwrMSP", "node1"))).isEqualTo(ErrorCode.NODE_REVOKED);
    }

    @Test
    void a_node_goes_on_with_its_new_key() {
        String task = channel.create(Flows.flow().one("a", "ewr").build());
        var renewed = Identity.fresh("EwrMSP", "node1", "CN=node1,OU=client");
        channel.ledger.submit(
                Identity.admin("EwrMSP"),
                ContractApi.REGISTER_NODE,
                new ContractApi.NodeRegistration("node1", renewed.pem()));

        channel.ledger.submit(
                renewed,
                ContractApi.SUBMIT_RESULTS,
                new ContractApi.Submission("node1", List.of(success(task, "a", "ewr"))));
        assertThat(channel.end(task)).isNotNull();
    }

    @Test
    void a_result_signed_by_a_key_that_is_not_registered_is_refused() {
        String task = channel.create(Flows.flow().one("a", "ewr").build());
        var stranger = Identity.fresh("EwrMSP", "node1", "CN=node1,OU=client");

        assertThat(refusal(() -> channel.ledger.submit(
                        stranger,
                        ContractApi.SUBMIT_RESULTS,
                        new ContractApi.Submission("node1", List.of(success(task, "a", "ewr"))))))
                .isEqualTo(ErrorCode.NODE_UNKNOWN);
    }

    @Test
    void what_a_node_says_of_itself_invalidates_nothing_in_flight() {
        var workflow = Flows.flow().one("a", "ewr").build();
        var digest = channel.deploy(workflow);
        var create = channel.ledger.endorse(
                Channel.USER,
                ContractApi.CREATE_TASK,
                new ContractApi.NewTask(digest, null, channel.binding(digest, Map.of()), null));
        String task = channel.create(Channel.USER, digest, Map.of()).task();
        var result = channel.endorse("EwrMSP", success(task, "a", "ewr"));

        channel.ledger.submit(
                Identity.node("EwrMSP", "node1"),
                ContractApi.UPDATE_NODE_INFO,
                new ContractApi.NodeInfo("node1", "127.0.0.1:7071", Map.of(), null));
        assertThat(channel.ledger.commit(List.of(create, result))).containsOnly(MemoryLedger.Code.VALID);
    }

    @Test
    void nodes_are_listed_with_keys_and_what_they_offer() {
        channel.ledger.submit(
                Identity.node("EwrMSP", "node1"),
                ContractApi.UPDATE_NODE_INFO,
                new ContractApi.NodeInfo(
                        "node1",
                        "127.0.0.1:7071",
                        Map.of(Flows.OP, dev.selvage.model.Digest.ofJson(Flows.OPERATION)),
                        null));
        var listed = CanonicalJson.parse(channel.ledger
                .endorse(Channel.USER, ContractApi.LIST_NODES, new ContractApi.Page(null, null))
                .answer());

        assertThat(listed.path("items")).hasSize(3);
        assertThat(listed.at("/items/0/info/endpoint").asText()).isEqualTo("127.0.0.1:7071");
    }
}
