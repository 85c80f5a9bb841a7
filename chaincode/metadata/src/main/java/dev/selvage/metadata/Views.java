package dev.selvage.metadata;

import dev.selvage.contract.Paging;
import dev.selvage.model.ContractApi;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataFacts.AuditEntry;
import dev.selvage.model.integrity.MetadataKeys;

/** What can be asked about audits. Nothing here writes. */
final class Views {
    /** Audits in a page: each takes up to five reads. */
    private static final int PAGE = 20;

    private Views() {}

    static MetadataApi.AuditView get(Call call, MetadataApi.AuditQuery query) {
        return AuditRecord.load(call, query.audit()).view();
    }

    static ContractApi.Listed<MetadataApi.AuditSummary> list(Call call, MetadataApi.AuditsQuery query) {
        Given.require(
                (query.data() == null) != (query.buyer() == null),
                "Audits are listed of a data set or by a buyer; name one of the two.");
        String prefix =
                query.data() == null ? MetadataKeys.auditsBy(query.buyer()) : MetadataKeys.auditsOf(query.data());
        return Paging.of(query.page(), PAGE).list(call.state(), prefix, row -> {
            var record = AuditRecord.load(call, row.as(AuditEntry.class).audit());
            var audit = record.audit();
            return new MetadataApi.AuditSummary(
                    audit.id(),
                    audit.data(),
                    audit.version(),
                    audit.mode(),
                    audit.count(),
                    audit.buyer().msp(),
                    record.state(),
                    record.end() == null ? null : record.end().reason(),
                    audit.at());
        });
    }

    /** Open audits in which an organisation has a part. */
    static ContractApi.Listed<MetadataApi.AuditView> open(Call call, MetadataApi.OwnerQuery query) {
        String msp = query.msp() == null ? call.caller().msp() : query.msp();
        return Paging.of(query.page(), PAGE)
                .list(
                        call.state(),
                        MetadataKeys.auditTodos(msp),
                        row -> AuditRecord.load(call, row.as(AuditEntry.class).audit())
                                .view());
    }
}
