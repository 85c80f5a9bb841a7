package dev.selvage.agent.peer;

import dev.selvage.agent.content.Stored;
import dev.selvage.model.Binding;
import dev.selvage.model.Binding.BoundNode;
import dev.selvage.model.Digest;
import dev.selvage.model.Facts;
import dev.selvage.model.Input;
import dev.selvage.model.NodeId;
import dev.selvage.model.SubTask;
import dev.selvage.model.SubTask.Output;
import dev.selvage.model.SubTask.Participant;
import dev.selvage.model.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a node knows of a ledger with one workflow: {@code delays} of the role ewr is read by {@code merge} of the role jfk; {@code merge} is
 * visible to the channel; {@code private} of ewr to nobody else.
 */
final class LedgerOfTwoTasks implements ContentFacts {
    static final String TASK = "0123456789abcdef0123456789abcdef";
    static final String OTHER_TASK = "ffffffffffffffffffffffffffffffff";
    static final NodeId EWR = NodeId.parse("EwrMSP/node1");
    static final NodeId JFK = NodeId.parse("JfkMSP/node1");
    static final NodeId LGA = NodeId.parse("LgaMSP/node1");

    private final Map<Digest, List<ContentPlace>> places = new ConcurrentHashMap<>();
    private final Set<String> revoked = ConcurrentHashMap.newKeySet();
    private final Binding binding;
    final Workflow workflow;

    LedgerOfTwoTasks(MemberSigner ewr, MemberSigner jfk) {
        this.binding = new Binding(
                Map.of("ewr", List.of(new BoundNode(EWR, ewr.spki())), "jfk", List.of(new BoundNode(JFK, jfk.spki()))));
        this.workflow = new Workflow(
                Workflow.FORMAT,
                "test",
                "1.0.0",
                null,
                null,
                null,
                null,
                null,
                Map.of(
                        "delays", subTask("ewr", Map.of(), new Output(List.of("jfk"), null, null)),
                        "private", subTask("ewr", Map.of(), new Output(List.of(), null, null)),
                        "merge",
                                subTask(
                                        "jfk",
                                        Map.of("tables", new Input.Result("delays", "table")),
                                        new Output(List.of(Output.CHANNEL), null, null))),
                null);
    }

    private static SubTask subTask(String role, Map<String, Input> inputs, Output output) {
        return new SubTask(
                null,
                null,
                Map.of(role, new Participant("test.op/1")),
                inputs,
                Map.of("table", output),
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** Commits content as the output "table" of a sub-task of {@link #TASK}. */
    ContentPlace commit(String subTask, NodeId producer, Stored stored) {
        return commit(TASK, subTask, producer, stored);
    }

    ContentPlace commit(String task, String subTask, NodeId producer, Stored stored) {
        var fact = new Facts.OutputFact(
                stored.ledgerDigest(), stored.size(), "text/csv", stored.salt().isPresent());
        var place = new ContentPlace(task, workflow, binding, subTask, 0, "table", producer, fact);
        places.computeIfAbsent(fact.digest(), digest -> new ArrayList<>()).add(place);
        return place;
    }

    void revoke(String msp, Digest spki) {
        revoked.add(msp + spki);
    }

    @Override
    public List<ContentPlace> places(Digest digest) {
        return places.getOrDefault(digest, List.of());
    }

    @Override
    public boolean revoked(String msp, Digest spki) {
        return revoked.contains(msp + spki);
    }
}
