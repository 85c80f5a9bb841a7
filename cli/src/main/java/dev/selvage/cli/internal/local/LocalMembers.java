package dev.selvage.cli.internal.local;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.formats.config.NodeFile;
import dev.selvage.formats.config.ProfileFile;
import dev.selvage.model.ContractApi;
import dev.selvage.network.org.Organisation;
import java.util.function.Consumer;

/** The users and nodes of a local network: their files, and the nodes' keys on the ledger. */
final class LocalMembers {
    private final DataFolder data;
    private final LocalLedger ledger;
    private final Consumer<String> progress;

    LocalMembers(DataFolder data, LocalLedger ledger, Consumer<String> progress) {
        this.data = data;
        this.ledger = ledger;
        this.progress = progress;
    }

    /** Writes the profiles and node files that are not there. */
    void writeFiles() {
        var organisations = ledger.organisations();
        write("local", organisations.get(0), LocalLedger.USER);
        for (var organisation : organisations) {
            var name = LocalLedger.shortName(organisation);
            write(name, organisation, LocalLedger.USER);
            write(name + "-admin", organisation, LocalLedger.ADMIN);
            var config = ledger.nodeConfig(organisation);
            WholeFile.writeNew(config.file(), NodeFile.write(config));
        }
    }

    private void write(String name, Organisation organisation, String user) {
        var file = data.profiles().resolve(name + ".yaml");
        WholeFile.writeNew(file, ProfileFile.write(file, ledger.profile(name, organisation, user)));
    }

    /** Registers the nodes that the ledger does not know. */
    void registerNodes() {
        for (var organisation : ledger.organisations()) {
            try (var contract = ContractClient.open(ledger.profile("admin", organisation, LocalLedger.ADMIN))) {
                var node = ledger.node(organisation);
                boolean known = contract.all(ContractApi.LIST_NODES, page -> page, ContractApi.NodeView.class).stream()
                        .anyMatch(
                                view -> view.node().equals(node) && !view.keys().isEmpty());
                if (!known) {
                    progress.accept("registering " + node);
                    NodeKeys.register(
                            contract,
                            node.node(),
                            organisation.identity(LocalLedger.NODE).certificate());
                }
            }
        }
    }
}
