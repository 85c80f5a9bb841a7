package dev.selvage.cli.internal;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.integrity.MetadataApi;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The contract metadata, as commands ask it. */
final class MetadataClient {
    private final ContractClient contract;

    MetadataClient(ContractClient contract) {
        this.contract = contract;
    }

    <A> A ask(String function, Object request, Class<A> answer) {
        return CanonicalJson.read(evaluate(function, request), answer);
    }

    /** Reads through all pages. */
    <A> List<A> all(String function, Function<ContractApi.Page, Object> request, Class<A> element) {
        List<A> items = new ArrayList<>();
        String bookmark = null;
        do {
            var page = CanonicalJson.parse(evaluate(function, request.apply(new ContractApi.Page(bookmark, null))));
            page.path("items").forEach(item -> items.add(CanonicalJson.bind(item, element)));
            bookmark = page.path("bookmark").asText(null);
        } while (bookmark != null && !bookmark.isEmpty());
        return items;
    }

    /** What happened to a key of the ledger, newest first. */
    List<ContractApi.Change> history(String key) {
        return CanonicalJson.readList(
                evaluate(MetadataApi.GET_HISTORY, new ContractApi.KeyQuery(key)), ContractApi.Change.class);
    }

    private String evaluate(String function, Object request) {
        return new String(
                contract.evaluate(MetadataApi.CHAINCODE, function, CanonicalJson.text(request)),
                StandardCharsets.UTF_8);
    }
}
