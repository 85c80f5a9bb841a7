package dev.selvage.metadata;

import dev.selvage.contract.FunctionTable;
import dev.selvage.contract.Histories;
import dev.selvage.model.ContractApi;
import dev.selvage.model.integrity.MetadataApi;

/** The contract's functions by name. */
final class Functions {
    static final FunctionTable<Call> ALL = all();

    private Functions() {}

    private static FunctionTable<Call> all() {
        return new FunctionTable<Call>()
                .add(MetadataApi.REGISTER_KEY, MetadataApi.NewKey.class, OwnerKeys::register)
                .add(MetadataApi.REVOKE_KEY, MetadataApi.KeyRevocation.class, OwnerKeys::revoke)
                .add(MetadataApi.ANCHOR, MetadataApi.NewAnchor.class, Anchors::anchor)
                .add(MetadataApi.NAME_PROVERS, MetadataApi.NewProvers.class, Anchors::nameProvers)
                .add(MetadataApi.OPEN_AUDIT, MetadataApi.NewAudit.class, Opening::open)
                .add(MetadataApi.ANSWER_AUDIT, MetadataApi.Nonce.class, Steps::answer)
                .add(MetadataApi.REVEAL_AUDIT, MetadataApi.Nonce.class, Steps::reveal)
                .add(MetadataApi.RECORD_PROOF, MetadataApi.NewProof.class, Steps::proof)
                .add(MetadataApi.JUDGE_AUDIT, MetadataApi.NewVerdict.class, Endings::judge)
                .add(MetadataApi.ABORT_AUDIT, MetadataApi.Abort.class, Endings::abort)
                .add(MetadataApi.EXPIRE_AUDIT, MetadataApi.AuditQuery.class, Endings::expire)
                .add(MetadataApi.GET_KEY, MetadataApi.KeyQuery.class, OwnerKeys::get)
                .add(MetadataApi.LIST_KEYS, MetadataApi.OwnerQuery.class, OwnerKeys::list)
                .add(MetadataApi.GET_ANCHOR, MetadataApi.AnchorQuery.class, Anchors::get)
                .add(MetadataApi.LIST_DATA, MetadataApi.OwnerQuery.class, Anchors::list)
                .add(MetadataApi.LIST_ANCHORS, MetadataApi.DataQuery.class, Anchors::versions)
                .add(MetadataApi.GET_AUDIT, MetadataApi.AuditQuery.class, Views::get)
                .add(MetadataApi.LIST_AUDITS, MetadataApi.AuditsQuery.class, Views::list)
                .add(MetadataApi.LIST_OPEN_AUDITS, MetadataApi.OwnerQuery.class, Views::open)
                .add(
                        MetadataApi.GET_HISTORY,
                        ContractApi.KeyQuery.class,
                        (call, query) -> Histories.of(call.state(), query));
    }
}
