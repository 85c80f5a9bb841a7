package dev.selvage.network.internal.simulation;

import com.google.protobuf.ByteString;
import java.util.Optional;
import java.util.function.Supplier;
import org.hyperledger.fabric.protos.peer.QueryResponse;
import org.hyperledger.fabric.protos.peer.QueryResponseMetadata;
import org.hyperledger.fabric.protos.peer.QueryResultBytes;

/**
 * Hands an iterator's rows to a chaincode, a batch at a time. A batch says that more follow only when a further row has been
 * seen, for the shim throws on an empty one.
 */
final class RowPages {
    private static final int BATCH = 100;
    private static final int MOST_ROWS = 100_000;

    private final String id;
    private final Supplier<Optional<ByteString>> rows;
    private final Optional<Supplier<String>> bookmark;
    private final int limit;
    private ByteString waiting;
    private int count;
    private boolean done;

    /**
     * @param pageSize largest number of rows, 0 for as many as a query may have at all
     * @param bookmark where the next page begins, for a query that asked for pages
     */
    RowPages(String id, Supplier<Optional<ByteString>> rows, int pageSize, Optional<Supplier<String>> bookmark) {
        this.id = id;
        this.rows = rows;
        this.limit = pageSize > 0 ? Math.min(pageSize, MOST_ROWS) : MOST_ROWS;
        this.bookmark = bookmark;
    }

    /** Whether the last batch said that nothing follows. */
    boolean done() {
        return done;
    }

    QueryResponse nextBatch() {
        QueryResponse.Builder batch = QueryResponse.newBuilder().setId(id);
        if (waiting != null) {
            add(batch, waiting);
            waiting = null;
        }
        while (count < limit) {
            Optional<ByteString> row = rows.get();
            if (row.isEmpty()) {
                break;
            }
            count++;
            if (bookmark.isEmpty() && batch.getResultsCount() == BATCH) {
                waiting = row.get();
                return batch.setHasMore(true).build();
            }
            add(batch, row.get());
        }
        done = true;
        bookmark.ifPresent(next -> batch.setMetadata(QueryResponseMetadata.newBuilder()
                .setFetchedRecordsCount(count)
                .setBookmark(next.get())
                .build()
                .toByteString()));
        return batch.build();
    }

    private static void add(QueryResponse.Builder batch, ByteString row) {
        batch.addResults(QueryResultBytes.newBuilder().setResultBytes(row));
    }
}
