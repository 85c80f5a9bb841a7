package dev.selvage.cli.internal;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.Suggestion;
import dev.selvage.model.Workflow;
import java.util.Comparator;
import java.util.List;

/** Finds deployed workflows by what a person writes. */
final class Workflows {
    private final ContractClient contract;

    Workflows(ContractClient contract) {
        this.contract = contract;
    }

    /**
     * A deployed workflow.
     *
     * @param given {@code name}, {@code name@version} or a digest
     * @throws SelvageException WORKFLOW_UNKNOWN
     */
    ContractApi.Deployment find(String given) {
        var query = given.matches("[0-9a-f]{64}")
                ? new ContractApi.WorkflowQuery(new Digest(given), null, null)
                : byName(given);
        try {
            return contract.evaluate(ContractApi.GET_WORKFLOW, query, ContractApi.Deployment.class);
        } catch (SelvageException e) {
            if (e.code() != ErrorCode.WORKFLOW_UNKNOWN) {
                throw e;
            }
            throw unknown(given);
        }
    }

    private static ContractApi.WorkflowQuery byName(String given) {
        int at = given.indexOf('@');
        return at < 0
                ? new ContractApi.WorkflowQuery(null, given, null)
                : new ContractApi.WorkflowQuery(null, given.substring(0, at), given.substring(at + 1));
    }

    private SelvageException unknown(String given) {
        var all = list();
        int at = given.indexOf('@');
        var name = at < 0 ? given : given.substring(0, at);
        var versions = all.stream()
                .filter(one -> one.name().equals(name))
                .map(ContractApi.Deployed::version)
                .toList();
        if (!versions.isEmpty()) {
            return new SelvageException(
                    ErrorCode.WORKFLOW_UNKNOWN,
                    "Of " + name + " the ledger has " + String.join(", ", versions) + ", not " + given.substring(at + 1)
                            + ".");
        }
        var near = Suggestion.among(
                name, all.stream().map(ContractApi.Deployed::name).toList());
        return new SelvageException(
                ErrorCode.WORKFLOW_UNKNOWN, "No workflow \"" + name + "\" is deployed" + (near.isEmpty() ? "." : near));
    }

    /** All that is deployed, by name and then version. */
    List<ContractApi.Deployed> list() {
        return contract.all(ContractApi.LIST_WORKFLOWS, page -> page, ContractApi.Deployed.class).stream()
                .sorted(Comparator.comparing(ContractApi.Deployed::name).thenComparing(ContractApi.Deployed::at))
                .toList();
    }

    static String title(Workflow workflow) {
        return workflow.name() + " " + workflow.version();
    }
}
