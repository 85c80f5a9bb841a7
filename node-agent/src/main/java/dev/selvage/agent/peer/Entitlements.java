package dev.selvage.agent.peer;

import dev.selvage.agent.data.Grants;
import dev.selvage.agent.peer.Entitlement.Entitled;
import dev.selvage.agent.peer.Entitlement.Refused;
import dev.selvage.model.Binding.BoundNode;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Input;
import dev.selvage.model.NodeId;
import dev.selvage.model.SubTask;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The one place where access is decided: over what the ledger says of content, and over the owner's grants for data sets. An organisation is
 * the unit of trust: what one of its nodes may see, its members may see. Thread-safe.
 */
public final class Entitlements {
    private final ContentFacts facts;
    private final Grants grants;

    public Entitlements(ContentFacts facts, Grants grants) {
        this.facts = facts;
        this.grants = grants;
    }

    /**
     * Whether the asker may have content.
     *
     * @param digest as the ledger names it
     */
    public Entitlement entitled(Asker asker, Digest digest, Purpose purpose) {
        if (facts.revoked(asker.party().msp(), asker.spki())) {
            return new Refused(ErrorCode.NODE_REVOKED, "The key of " + asker + " was revoked by its organisation.");
        }
        List<ContentPlace> places = facts.places(digest).stream()
                .filter(place -> place.task().equals(purpose.task()))
                .toList();
        if (places.isEmpty()) {
            return new Refused(
                    ErrorCode.CONTENT_UNKNOWN,
                    "The ledger, as far as this node has read it, names no result " + digest.shortForm()
                            + "... of task " + purpose.task() + ".");
        }
        return places.stream()
                .map(place -> place(asker, place, purpose))
                .flatMap(Optional::stream)
                .findFirst()
                .map(because -> (Entitlement) new Entitled(because))
                .orElseGet(() -> new Refused(ErrorCode.NOT_ENTITLED, refusal(asker, places.get(0), purpose)));
    }

    /**
     * Whether a data set of this node serves an operation in a task.
     *
     * @param operation the operation's digest, as the workflow pins it
     * @param operationId for people
     * @param creator of the task
     */
    public Entitlement mayUse(String data, String operationId, Digest operation, Facts.Party creator) {
        return grants.decide(data, operationId, operation, creator)
                .fold(
                        granted -> new Entitled("grant " + granted.grant().id()),
                        missing -> new Refused(ErrorCode.GRANT_MISSING, missing.reason()));
    }

    /** Why the asker may have the output, or empty. */
    private static Optional<String> place(Asker asker, ContentPlace place, Purpose purpose) {
        if (purpose instanceof Purpose.RunInput input && !runs(asker, place, input)) {
            return Optional.empty();
        }
        String msp = asker.party().msp();
        if (place.producer().msp().equals(msp)) {
            return Optional.of("it is a result of " + msp);
        }
        if (place.declared().isPublic()) {
            return Optional.of("it is visible to the channel");
        }
        return place.declared().visibility().stream()
                .filter(role -> nodes(place, List.of(role))
                        .anyMatch(node -> node.id().msp().equals(msp)))
                .findFirst()
                .map(role -> "it is visible to the role " + role);
    }

    /** Whether the asker is a node that the task bound to the sub-task, and the sub-task reads this output. */
    private static boolean runs(Asker asker, ContentPlace place, Purpose.RunInput purpose) {
        SubTask subTask = place.workflow().subTasks().get(purpose.subTask());
        return subTask != null
                && asker.node().isPresent()
                && new Input.Result(place.subTask(), place.output())
                        .equals(subTask.inputs().get(purpose.input()))
                && nodes(place, roles(subTask)).anyMatch(node -> is(asker, node.id(), node.spki()));
    }

    private static boolean is(Asker asker, NodeId node, Digest spki) {
        return asker.node().orElseThrow().equals(node) && asker.spki().equals(spki);
    }

    private static Stream<BoundNode> nodes(ContentPlace place, Collection<String> roles) {
        return roles.stream().flatMap(role -> place.binding().roles().getOrDefault(role, List.of()).stream());
    }

    private static Collection<String> roles(SubTask subTask) {
        var forEach = subTask.forEach();
        return forEach != null && !forEach.role().isEmpty()
                ? forEach.role()
                : subTask.participants().keySet();
    }

    private static String refusal(Asker asker, ContentPlace place, Purpose purpose) {
        String output = place.subTask() + "." + place.output() + " of task " + place.task();
        if (purpose instanceof Purpose.RunInput input && !runs(asker, place, input)) {
            return asker + " is not bound to run " + input.subTask() + " with " + output + " as its input \""
                    + input.input() + "\".";
        }
        return output + " is visible to " + place.declared().visibility() + ", of which " + asker + " is none.";
    }
}
