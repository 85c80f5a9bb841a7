package dev.selvage.network.org;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.hyperledger.fabric.protos.common.MSPPrincipal;
import org.hyperledger.fabric.protos.common.SignaturePolicyEnvelope;

/**
 * Who must endorse: Fabric's signature policies in its own notation, {@code AND('EwrMSP.peer', OR('JfkMSP.peer', 'LgaMSP.peer'))} or
 * {@code OutOf(2, ...)}. Immutable.
 */
public final class SignaturePolicy {
    private final Rule root;

    SignaturePolicy(Rule root) {
        this.root = Objects.requireNonNull(root);
    }

    /** One rule of the tree. */
    sealed interface Rule {
        boolean satisfied(List<Member> members, boolean[] used);
    }

    /** One identity, not used yet by another rule, that matches. */
    record SignedBy(Principal principal) implements Rule {
        @Override
        public boolean satisfied(List<Member> members, boolean[] used) {
            for (int i = 0; i < used.length; i++) {
                if (!used[i] && principal.matches(members.get(i))) {
                    used[i] = true;
                    return true;
                }
            }
            return false;
        }

        @Override
        public String toString() {
            return "'" + principal + "'";
        }
    }

    /** At least {@code needed} of the rules, taken greedily from left to right as Fabric does, so that answers agree. */
    record OutOf(int needed, List<Rule> rules) implements Rule {
        OutOf {
            rules = List.copyOf(rules);
        }

        @Override
        public boolean satisfied(List<Member> members, boolean[] used) {
            int met = 0;
            for (Rule rule : rules) {
                boolean[] attempt = used.clone();
                if (rule.satisfied(members, attempt)) {
                    met++;
                    System.arraycopy(attempt, 0, used, 0, used.length);
                }
            }
            return met >= needed;
        }

        @Override
        public String toString() {
            String inner = rules.stream().map(Rule::toString).collect(Collectors.joining(", "));
            if (needed == rules.size()) {
                return "AND(" + inner + ")";
            }
            return needed == 1 ? "OR(" + inner + ")" : "OutOf(" + needed + ", " + inner + ")";
        }
    }

    /**
     * Reads the notation.
     *
     * @throws SelvageException POLICY_INVALID, naming the column and what was expected there
     */
    public static SignaturePolicy parse(String text) {
        return new SignaturePolicy(new PolicyParser(text).parse());
    }

    /** Peers of more than half of the organisations: what the channel's {@code MAJORITY Endorsement} comes to. */
    public static SignaturePolicy majority(List<String> msps) {
        List<Rule> peers = new ArrayList<>();
        msps.forEach(msp -> peers.add(new SignedBy(Principal.of(msp, Role.PEER))));
        return new SignaturePolicy(new OutOf(msps.size() / 2 + 1, peers));
    }

    /** A single role of one organisation. */
    static SignaturePolicy anyOf(Principal... principals) {
        return new SignaturePolicy(new OutOf(
                1, Arrays.stream(principals).map(p -> (Rule) new SignedBy(p)).toList()));
    }

    /** Whether these members' signatures, each checked before, satisfy the policy. The same member counts once. */
    public boolean satisfiedBy(Collection<Member> members) {
        List<Member> distinct = List.copyOf(new LinkedHashSet<>(members));
        return root.satisfied(distinct, new boolean[distinct.size()]);
    }

    /** The organisations that the policy names, in order. */
    public Set<String> msps() {
        Set<String> msps = new LinkedHashSet<>();
        principals(root).forEach(principal -> msps.add(principal.msp()));
        return msps;
    }

    /** The form in which Fabric keeps it. */
    public SignaturePolicyEnvelope toProto() {
        SignaturePolicyEnvelope.Builder envelope = SignaturePolicyEnvelope.newBuilder();
        envelope.setRule(toProto(root, envelope));
        return envelope.build();
    }

    /**
     * Reads the form in which Fabric keeps it.
     *
     * @throws SelvageException POLICY_INVALID when the bytes are no policy, or one with principals other than roles
     */
    public static SignaturePolicy fromProto(ByteString bytes) {
        try {
            SignaturePolicyEnvelope envelope = SignaturePolicyEnvelope.parseFrom(bytes);
            List<Principal> principals = new ArrayList<>();
            for (MSPPrincipal identity : envelope.getIdentitiesList()) {
                principals.add(Principal.fromProto(identity));
            }
            return new SignaturePolicy(fromProto(envelope.getRule(), principals));
        } catch (InvalidProtocolBufferException e) {
            throw new SelvageException(ErrorCode.POLICY_INVALID, "not a signature policy: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SignaturePolicy that && root.equals(that.root);
    }

    @Override
    public int hashCode() {
        return root.hashCode();
    }

    /** The notation, which {@link #parse} reads back. */
    @Override
    public String toString() {
        return root instanceof SignedBy ? "OR(" + root + ")" : root.toString();
    }

    private static List<Principal> principals(Rule rule) {
        if (rule instanceof SignedBy one) {
            return List.of(one.principal());
        }
        return ((OutOf) rule)
                .rules().stream().flatMap(r -> principals(r).stream()).toList();
    }

    private static org.hyperledger.fabric.protos.common.SignaturePolicy toProto(
            Rule rule, SignaturePolicyEnvelope.Builder envelope) {
        var proto = org.hyperledger.fabric.protos.common.SignaturePolicy.newBuilder();
        if (rule instanceof SignedBy one) {
            MSPPrincipal principal = one.principal().toProto();
            int index = envelope.getIdentitiesList().indexOf(principal);
            if (index < 0) {
                index = envelope.getIdentitiesCount();
                envelope.addIdentities(principal);
            }
            return proto.setSignedBy(index).build();
        }
        OutOf gate = (OutOf) rule;
        var rules = org.hyperledger.fabric.protos.common.SignaturePolicy.NOutOf.newBuilder()
                .setN(gate.needed());
        gate.rules().forEach(inner -> rules.addRules(toProto(inner, envelope)));
        return proto.setNOutOf(rules).build();
    }

    private static Rule fromProto(
            org.hyperledger.fabric.protos.common.SignaturePolicy proto, List<Principal> principals)
            throws InvalidProtocolBufferException {
        switch (proto.getTypeCase()) {
            case SIGNED_BY -> {
                int index = proto.getSignedBy();
                if (index < 0 || index >= principals.size()) {
                    throw new InvalidProtocolBufferException("a rule names identity " + index + ", which is not there");
                }
                return new SignedBy(principals.get(index));
            }
            case N_OUT_OF -> {
                List<Rule> rules = new ArrayList<>();
                for (var inner : proto.getNOutOf().getRulesList()) {
                    rules.add(fromProto(inner, principals));
                }
                return new OutOf(proto.getNOutOf().getN(), rules);
            }
            default -> throw new InvalidProtocolBufferException("a rule is empty");
        }
    }
}
