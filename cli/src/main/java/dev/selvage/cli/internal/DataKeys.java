package dev.selvage.cli.internal;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataApi.KeyView;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The keys with which owners make tags, as they stand on the ledger. */
@Command(
        name = "key",
        description = "The keys of a data owner: those with which the tags of sectored and paper anchors are made.",
        subcommands = {DataKeys.ListAll.class, DataKeys.Revoke.class})
final class DataKeys extends GroupCommand {
    @Command(name = "list", description = "List the registered keys of an organisation.")
    static final class ListAll extends ContractCommand {
        @Option(names = "--of", paramLabel = "ORG", description = "Whose keys (default: of your organisation).")
        private String owner;

        @Override
        int run(Session session, ContractClient contract) {
            var keys = keys(contract, owner);
            session.answer(keys, () -> text(keys));
            return ExitStatus.DONE;
        }

        private static String text(List<KeyView> keys) {
            var table = new TextTable("KEY", "OF", "REGISTERED", "BY", "STATE");
            keys.forEach(view -> table.row(
                    view.key().key().shortForm(),
                    view.key().msp(),
                    Times.clock(view.key().at()),
                    view.key().by(),
                    view.revoked() == null
                            ? "good"
                            : "revoked " + Times.clock(view.revoked().at()) + " by "
                                    + view.revoked().by()
                                    + (view.revoked().reason() == null
                                            ? ""
                                            : ": " + view.revoked().reason())));
            return table.isEmpty() ? "No key is registered." : table.toString();
        }
    }

    @Command(
            name = "revoke",
            description =
                    "Revoke a key for good, such as one that leaked: nothing is anchored or audited under it any more.")
    static final class Revoke extends BaseCommand {
        @Mixin
        private DataCommand.OwnNode node;

        @Parameters(paramLabel = "KEY", description = "The key's digest, or the beginning of it.")
        private String given;

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for those who look at the ledger.")
        private String reason;

        @Override
        int run(Session session) {
            var config = node.config(session);
            try (var contract = ContractClient.open(Nodes.owner(session, config))) {
                var key = named(keys(contract, config.node().msp())).key();
                contract.submit(
                        MetadataApi.CHAINCODE,
                        MetadataApi.REVOKE_KEY,
                        CanonicalJson.text(new MetadataApi.KeyRevocation(key.key(), reason)));
                session.answer(
                        CanonicalJson.object().put("revoked", key.key().hex()),
                        () -> "key " + key.key().shortForm() + "... of " + key.msp()
                                + " is revoked. What was anchored under it is anchored again under a new one: selvage data"
                                + " anchor NAME --mode sectored");
            }
            return ExitStatus.DONE;
        }

        private KeyView named(List<KeyView> keys) {
            var named = keys.stream()
                    .filter(view -> view.key().key().hex().startsWith(given))
                    .toList();
            if (named.size() != 1) {
                throw new SelvageException(
                        ErrorCode.DATA_KEY_UNKNOWN,
                        (named.isEmpty() ? "No key begins with " : "Several keys begin with ") + given
                                + "; see: selvage data key list");
            }
            return named.get(0);
        }
    }

    private static List<KeyView> keys(ContractClient contract, String owner) {
        return new MetadataClient(contract)
                .all(MetadataApi.LIST_KEYS, page -> new MetadataApi.OwnerQuery(owner, page), KeyView.class);
    }
}
