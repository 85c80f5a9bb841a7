package dev.selvage.contract;

import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.List;
import java.util.function.Function;

/**
 * A page of a query. The bookmark is the last key of the page before; no paged read of Fabric is involved, so the same functions may run
 * anywhere.
 */
public record Paging(String after, int size) {
    /** The page that was asked for, of at most the given size. */
    public static Paging of(ContractApi.Page page, int most) {
        if (page == null) {
            return new Paging(null, most);
        }
        int size = page.size() == null ? most : Math.min(page.size(), most);
        if (size < 1) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "A page has at least one entry.");
        }
        return new Paging(page.bookmark(), size);
    }

    public <T> ContractApi.Listed<T> list(State state, String prefix, Function<State.Row, T> entry) {
        List<State.Row> rows = state.rangeAfter(prefix, after, size + 1);
        List<State.Row> shown = rows.size() > size ? rows.subList(0, size) : rows;
        String bookmark = rows.size() > size ? shown.get(size - 1).key() : null;
        return new ContractApi.Listed<>(
                shown.stream().map(entry).filter(java.util.Objects::nonNull).toList(), bookmark);
    }
}
