package dev.selvage.agent;

import dev.selvage.agent.ledger.FabricLedger;
import dev.selvage.agent.peer.IdentityCheck;
import dev.selvage.agent.peer.MemberSigner;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.NodeView;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;

/** The node's signing identity and its renewal: what its files hold is taken once the ledger takes it. */
final class Renewal {
    private final NodeConfig config;
    private final MemberSigner identity;
    private final Set<Digest> creators;
    private final Clock clock;

    /** @param creators gets how the node's transactions are known in blocks from then on */
    Renewal(NodeConfig config, MemberSigner identity, Set<Digest> creators, Clock clock) {
        this.config = config;
        this.identity = identity;
        this.creators = creators;
        this.clock = clock;
        creators.add(FabricLedger.creator(identity));
    }

    /** What the certificate's file holds, whether it is good or not. */
    X509Certificate inFile() {
        return MemberSigner.certificateIn(config.identity().certificate());
    }

    /**
     * Takes what the files hold.
     *
     * @throws SelvageException KEY_MISMATCH, CERTIFICATE_EXPIRED, NODE_UNKNOWN for a new key that is not registered, and what the ledger says
     *     when it is asked with the new identity; then nothing has changed
     */
    void take(Instant now) {
        var renewed = MemberSigner.read(
                config.node().msp(),
                config.identity().certificate(),
                config.identity().key());
        IdentityCheck.requireCurrent(renewed.certificate(), now);
        try (var ledger = new FabricLedger(
                FabricLedger.Place.of(
                        config.ledger(),
                        config.follow().get(0).channel(),
                        config.follow().get(0).chaincode()),
                renewed,
                clock)) {
            requireRegistered(ledger, renewed.spki());
        }
        creators.add(FabricLedger.creator(renewed));
        identity.renew(renewed);
    }

    private void requireRegistered(FabricLedger ledger, Digest spki) {
        String bookmark = null;
        do {
            var page =
                    CanonicalJson.parse(ledger.evaluate(ContractApi.LIST_NODES, new ContractApi.Page(bookmark, null)));
            for (var item : page.get("items")) {
                var view = CanonicalJson.bind(item, NodeView.class);
                if (view.node().equals(config.node()) && view.keys().contains(spki)) {
                    return;
                }
            }
            bookmark = page.hasNonNull("bookmark") ? page.get("bookmark").asText() : null;
        } while (bookmark != null);
        throw new SelvageException(
                ErrorCode.NODE_UNKNOWN,
                "The ledger does not know the key of the new certificate for " + config.node() + ".");
    }
}
