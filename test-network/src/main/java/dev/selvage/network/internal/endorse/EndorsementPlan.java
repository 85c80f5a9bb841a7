package dev.selvage.network.internal.endorse;

import com.google.protobuf.ByteString;
import dev.selvage.network.internal.commit.Deployed;
import dev.selvage.network.internal.commit.SignatureCache;
import dev.selvage.network.org.ChannelOrganisations;
import dev.selvage.network.org.Identification.Known;
import dev.selvage.network.org.Member;
import dev.selvage.network.org.OrganisationSigner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.hyperledger.fabric.protos.peer.Endorsement;

/** Chooses which organisations' peers sign, and signs. Thread-safe. */
public final class EndorsementPlan {
    private static final int MOST_SUBSETS_OVER = 10;

    private final Deployed.Lookup chaincodes;
    private final SignatureCache signatures;
    private final Map<String, Peer> peers = new LinkedHashMap<>();
    private final Map<String, List<List<String>>> subsetsByPreferred = new ConcurrentHashMap<>();

    private record Peer(OrganisationSigner signer, Member member) {}

    /**
     * Plans over these peers.
     *
     * @param signers one peer of each organisation, in the channel's order
     */
    public EndorsementPlan(
            Collection<OrganisationSigner> signers,
            ChannelOrganisations organisations,
            Deployed.Lookup chaincodes,
            SignatureCache signatures) {
        this.chaincodes = chaincodes;
        this.signatures = signatures;
        for (OrganisationSigner signer : signers) {
            if (!(organisations.identify(signer.serializedIdentity()) instanceof Known known)) {
                throw new IllegalArgumentException("the peer of " + signer.msp() + " is no member of the channel");
            }
            peers.put(signer.msp(), new Peer(signer, known.member()));
        }
    }

    /** Organisations that run peers, in order. */
    public List<String> msps() {
        return List.copyOf(peers.keySet());
    }

    /**
     * The fewest organisations whose peers satisfy the policies of all these chaincodes, the preferred one among them if it can be.
     *
     * @return empty when no peers can, or a chaincode is not defined
     */
    public Optional<List<String>> choose(Collection<String> namespaces, String preferred) {
        List<Deployed> deployed = new ArrayList<>();
        for (String namespace : namespaces) {
            Optional<Deployed> one = chaincodes.find(namespace);
            if (one.isEmpty()) {
                return Optional.empty();
            }
            deployed.add(one.get());
        }
        List<String> ordered = new ArrayList<>(peers.keySet());
        ordered.sort(Comparator.comparing(msp -> !msp.equals(preferred)));
        if (ordered.size() > MOST_SUBSETS_OVER) {
            return satisfied(deployed, ordered) ? Optional.of(fewer(deployed, ordered)) : Optional.empty();
        }
        return subsetsByPreferred.computeIfAbsent(ordered.get(0), first -> subsets(ordered)).stream()
                .filter(subset -> satisfied(deployed, subset))
                .findFirst();
    }

    /** Signs a response payload as that organisation's peer. */
    public Endorsement sign(String msp, ByteString payload) {
        OrganisationSigner signer = peers.get(msp).signer();
        byte[] message = payload.concat(signer.serializedIdentity()).toByteArray();
        byte[] signature = signer.sign(message);
        signatures.made(signer.serializedIdentity(), message, signature);
        return Endorsement.newBuilder()
                .setEndorser(signer.serializedIdentity())
                .setSignature(ByteString.copyFrom(signature))
                .build();
    }

    private boolean satisfied(List<Deployed> deployed, List<String> msps) {
        List<Member> members = msps.stream().map(msp -> peers.get(msp).member()).toList();
        return deployed.stream().allMatch(one -> one.policy().satisfiedBy(members));
    }

    /** With many organisations: leaves out one after the other, the preferred one last. */
    private List<String> fewer(List<Deployed> deployed, List<String> all) {
        List<String> needed = new ArrayList<>(all);
        for (int i = all.size() - 1; i >= 0; i--) {
            List<String> without = new ArrayList<>(needed);
            without.remove(all.get(i));
            if (satisfied(deployed, without)) {
                needed = without;
            }
        }
        return needed;
    }

    /** All subsets, the small ones first, and among equals those with the first organisation. */
    private static List<List<String>> subsets(List<String> msps) {
        List<List<String>> subsets = new ArrayList<>();
        for (int bits = 1; bits < 1 << msps.size(); bits++) {
            List<String> subset = new ArrayList<>();
            for (int i = 0; i < msps.size(); i++) {
                if ((bits & 1 << i) != 0) {
                    subset.add(msps.get(i));
                }
            }
            subsets.add(subset);
        }
        subsets.sort(Comparator.<List<String>>comparingInt(List::size).thenComparing(s -> !s.contains(msps.get(0))));
        return subsets;
    }
}
