package dev.selvage.cli.internal;

import dev.selvage.cli.internal.client.ContractClient;

/** A command that talks to the contract as the user of the profile. */
abstract class ContractCommand extends BaseCommand {
    abstract int run(Session session, ContractClient contract) throws Exception;

    @Override
    final int run(Session session) throws Exception {
        try (var contract = ContractClient.open(session.profile())) {
            return run(session, contract);
        }
    }
}
