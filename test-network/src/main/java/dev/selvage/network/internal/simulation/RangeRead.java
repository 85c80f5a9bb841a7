package dev.selvage.network.internal.simulation;

import dev.selvage.network.internal.store.StateRow;
import java.util.Iterator;
import java.util.Optional;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.QueryReads;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.RangeQueryInfo;

/**
 * A range that a simulation walks. What it has seen is recorded, up to the last row it was given, or up to the range's own end once it
 * has been told that there is no further row; so an insert behind what was read is no phantom.
 */
final class RangeRead {
    private final Iterator<StateRow> rows;
    private final String start;
    private final String end;
    private final QueryReads.Builder seen = QueryReads.newBuilder();
    private String lastKey = "";
    private boolean asked;
    private boolean exhausted;

    RangeRead(Iterator<StateRow> rows, String start, String end) {
        this.rows = rows;
        this.start = start;
        this.end = end;
    }

    /** The next row; empty, and recorded as such, when there is none. */
    Optional<StateRow> next() {
        asked = true;
        if (!rows.hasNext()) {
            exhausted = true;
            return Optional.empty();
        }
        StateRow row = rows.next();
        seen.addKvReads(ReadWriteSets.kvRead(row));
        lastKey = row.key();
        return Optional.of(row);
    }

    /** The key of the row that would come next, without reading it; empty when there is none. */
    String peekKey() {
        return rows.hasNext() ? rows.next().key() : "";
    }

    /** What validation has to check; nothing when no row was asked for. */
    Optional<RangeQueryInfo> info() {
        if (!asked) {
            return Optional.empty();
        }
        RangeQueryInfo.Builder info = RangeQueryInfo.newBuilder()
                .setStartKey(start)
                .setEndKey(exhausted ? end : lastKey)
                .setItrExhausted(exhausted);
        ReadWriteSets.rows(info, seen.build());
        return Optional.of(info.build());
    }
}
