package dev.selvage.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What happened to a key of a contract. */
public final class Histories {
    private static final int CHANGES = 1000;

    private Histories() {}

    /** Newest first, at most the newest thousand changes. */
    public static List<ContractApi.Change> of(State state, ContractApi.KeyQuery query) {
        if (query.key() == null || query.key().isEmpty()) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "History is that of a key.");
        }
        return state.history(query.key(), CHANGES).stream()
                .map(change -> new ContractApi.Change(
                        change.getTxId(),
                        change.getTimestamp().toEpochMilli(),
                        change.isDeleted(),
                        change.isDeleted() ? null : value(change.getValue())))
                .toList();
    }

    /** Facts are JSON; other values are bytes and shown as base64. */
    private static JsonNode value(byte[] bytes) {
        try {
            return CanonicalJson.parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (SelvageException notJson) {
            return CanonicalJson.tree(bytes);
        }
    }
}
