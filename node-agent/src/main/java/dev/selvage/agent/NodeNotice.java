package dev.selvage.agent;

import dev.selvage.agent.ledger.Ledger;
import dev.selvage.agent.read.ReadModel;
import dev.selvage.engine.EngineDescription;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.NodeInfo;
import dev.selvage.model.Digest;
import dev.selvage.model.SelvageException;
import dev.selvage.model.SubTask;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the channel where the node is and what it offers, when that differs from what it said last. */
final class NodeNotice {
    private static final Logger LOG = LoggerFactory.getLogger(NodeNotice.class);

    private final NodeConfig config;
    private final Ledger ledger;
    private final ReadModel model;
    private String refused = "";

    NodeNotice(NodeConfig config, Ledger ledger, ReadModel model) {
        this.config = config;
        this.ledger = ledger;
        this.model = model;
    }

    /** Says it if need be; false when the ledger did not take it, and it must be said again later. Blocks. */
    boolean tell(Collection<EngineDescription> engines, int port) {
        NodeInfo info = info(engines, port);
        if (model.node(config.node()).filter(info::equals).isPresent()) {
            return true;
        }
        try {
            ledger.submit(ledger.endorse(ContractApi.UPDATE_NODE_INFO, info).transaction());
            refused = "";
        } catch (SelvageException e) {
            if (!refused.equals(e.getMessage())) {
                LOG.warn("the channel does not learn of this node yet: {}", e.getMessage());
                refused = e.getMessage();
            }
        }
        return false;
    }

    private NodeInfo info(Collection<EngineDescription> engines, int port) {
        Map<String, Digest> operations = new TreeMap<>();
        engines.forEach(engine -> engine.operations()
                .forEach(offer -> offer.digest().ifPresent(digest -> operations.put(offer.operation(), digest))));
        var capacity = config.capacity();
        var advertised = config.advertise();
        return new NodeInfo(
                config.node().node(),
                advertised.host() + ":" + (advertised.port() == 0 ? port : advertised.port()),
                operations,
                new SubTask.Requirement(capacity.cpus(), capacity.memory(), capacity.storage()));
    }
}
