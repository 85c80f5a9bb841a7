package dev.selvage.cli.internal;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.SignaturePolicy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "chaincode",
        description = "Chaincodes on the channel.",
        subcommands = {ChaincodeCommand.Add.class, ChaincodePackageCommand.class})
final class ChaincodeCommand extends GroupCommand {
    @Command(
            name = "add",
            description =
                    "Put a chaincode that runs as a service on the embedded ledger's channel, or change its address or policy.")
    static final class Add extends BaseCommand {
        @Parameters(index = "0", paramLabel = "NAME", description = "As clients will call it.")
        private String name;

        @Parameters(index = "1", paramLabel = "HOST:PORT", description = "Where its server listens.")
        private String address;

        @Option(
                names = "--policy",
                paramLabel = "EXPR",
                description = "Who must endorse, such as AND('EwrMSP.peer', 'JfkMSP.peer') (default: a majority).")
        private String policy;

        @Option(names = "--version", paramLabel = "TEXT", defaultValue = "1.0", description = "Shown by queries.")
        private String version;

        @Override
        int run(Session session) {
            var network = NetworkCommand.network(session);
            var server = HostPort.parse(address);
            if (network.fabric().isPresent()) {
                throw new SelvageException(
                        ErrorCode.NOT_SUPPORTED,
                        "On Fabric every organisation installs and approves for itself: selvage network chaincode package "
                                + name + " --address " + address
                                + ", then scripts/fabric install, approve and commit.");
            }
            var ledger = network.ledger();
            var organisations = ledger.organisations();
            var msps = organisations.stream().map(Organisation::msp).toList();
            var wanted = policy == null ? SignaturePolicy.majority(msps) : SignaturePolicy.parse(policy);
            try (var admin = ledger.admin()) {
                var definition = admin.addChaincode(
                        name, version, server, wanted, organisations.get(0).signer("Admin"));
                session.answer(
                        CanonicalJson.object()
                                .put("name", definition.name())
                                .put("version", definition.version())
                                .put("sequence", definition.sequence())
                                .put("address", definition.address().toString())
                                .put("policy", definition.policy().toString()),
                        () -> "Chaincode " + definition.name() + " " + definition.version() + " (definition "
                                + definition.sequence() + ") is expected at " + definition.address()
                                + ", endorsed by " + definition.policy()
                                + ". Whether it is connected: selvage network status");
            }
            return ExitStatus.DONE;
        }
    }
}
