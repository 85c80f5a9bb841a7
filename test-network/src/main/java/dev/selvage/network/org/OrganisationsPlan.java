package dev.selvage.network.org;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which organisations to make on first start.
 *
 * @param peers organisations with peers, in the order of their ports
 * @param orderer the organisation that orders
 * @param orderers how many ordering nodes it has: 1 for the embedded ledger and Raft, 4 for BFT
 */
public record OrganisationsPlan(List<Name> peers, Name orderer, int orderers) {
    private static final Pattern MSP = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,62}");
    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9]+)+");
    private static final List<String> AIRPORTS = List.of("Ewr", "Jfk", "Lga");
    private static final int MOST = 64;

    /** An organisation's MSP id and domain. */
    public record Name(String msp, String domain) {
        public Name {
            if (!MSP.matcher(msp).matches()) {
                throw invalid("\"" + msp + "\" is no MSP id: letters, digits and '-', at most 63");
            }
            if (domain.length() > 63 || !DOMAIN.matcher(domain).matches()) {
                throw invalid("\"" + domain + "\" is no domain such as ewr.example");
            }
        }
    }

    public OrganisationsPlan {
        peers = List.copyOf(peers);
        if (peers.isEmpty() || peers.size() > MOST) {
            throw invalid("a channel has 1 to " + MOST + " organisations, not " + peers.size());
        }
        if (orderers < 1 || orderers > 16) {
            throw invalid("a channel has 1 to 16 ordering nodes, not " + orderers);
        }
        Set<String> seen = new HashSet<>();
        List<Name> all = new ArrayList<>(peers);
        all.add(orderer);
        for (Name name : all) {
            boolean fresh = seen.add(name.msp());
            if (!seen.add(name.domain()) || !fresh) {
                throw invalid(name.msp() + " (" + name.domain() + ") is named twice");
            }
        }
    }

    /** EwrMSP, JfkMSP and LgaMSP first; further ones are Org4MSP and so on. One ordering node. */
    public static OrganisationsPlan of(int organisations) {
        List<Name> peers = new ArrayList<>();
        for (int i = 0; i < organisations; i++) {
            String name = i < AIRPORTS.size() ? AIRPORTS.get(i) : "Org" + (i + 1);
            peers.add(new Name(name + "MSP", name.toLowerCase(Locale.ROOT) + ".example"));
        }
        return new OrganisationsPlan(peers, new Name("OrdererMSP", "orderer.example"), 1);
    }

    /** The same organisations with another number of ordering nodes. */
    public OrganisationsPlan withOrderers(int count) {
        return new OrganisationsPlan(peers, orderer, count);
    }

    private static SelvageException invalid(String sentence) {
        return new SelvageException(ErrorCode.CONFIG_INVALID, sentence);
    }
}
