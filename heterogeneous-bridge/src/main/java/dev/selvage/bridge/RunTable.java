package dev.selvage.bridge;

import dev.selvage.engine.EngineRequest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The table in which a writing statement records its run, in its own transaction: with it a run that is repeated after a crash finds
 * its outcome instead of writing again. Its columns: run_key (primary key), request_digest, outcome, all text.
 */
final class RunTable {
    private final Connection connection;
    private final String name;

    /** @param name a table's name that was checked to be one */
    RunTable(Connection connection, String name) {
        this.connection = connection;
        this.name = name;
    }

    /** The outcome of this run, if it has been. */
    Optional<byte[]> find(EngineRequest request) throws SQLException {
        try (var query =
                connection.prepareStatement("SELECT request_digest, outcome FROM " + name + " WHERE run_key = ?")) {
            query.setString(1, request.key().text());
            try (var rows = query.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                if (!request.digest().hex().equals(rows.getString(1))) {
                    throw new SelvageException(
                            ErrorCode.KEY_REUSED, "The run " + request.key() + " was recorded with other content.");
                }
                return Optional.of(rows.getString(2).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    void record(EngineRequest request, byte[] outcome) throws SQLException {
        try (var insert = connection.prepareStatement(
                "INSERT INTO " + name + " (run_key, request_digest, outcome) VALUES (?, ?, ?)")) {
            insert.setString(1, request.key().text());
            insert.setString(2, request.digest().hex());
            insert.setString(3, new String(outcome, StandardCharsets.UTF_8));
            insert.executeUpdate();
        }
    }
}
