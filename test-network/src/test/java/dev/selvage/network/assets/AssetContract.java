package dev.selvage.network.assets;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;
import org.hyperledger.fabric.contract.Context;
import org.hyperledger.fabric.contract.ContractInterface;
import org.hyperledger.fabric.contract.annotation.Contract;
import org.hyperledger.fabric.contract.annotation.Default;
import org.hyperledger.fabric.contract.annotation.Transaction;
import org.hyperledger.fabric.shim.Chaincode.Response;
import org.hyperledger.fabric.shim.ChaincodeException;
import org.hyperledger.fabric.shim.ledger.CompositeKey;
import org.hyperledger.fabric.shim.ledger.KeyModification;
import org.hyperledger.fabric.shim.ledger.KeyValue;
import org.hyperledger.fabric.shim.ledger.QueryResultsIterator;
import org.hyperledger.fabric.shim.ledger.QueryResultsIteratorWithMetadata;

/** Assets with an owner and a value; a value is kept as {@code owner:value}. */
@Contract(name = "assets")
@Default
public final class AssetContract implements ContractInterface {

    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public String CreateAsset(Context ctx, String id, String owner, int value) {
        if (!ctx.getStub().getStringState(id).isEmpty()) {
            throw new ChaincodeException("asset " + id + " already exists", "ASSET_EXISTS");
        }
        return put(ctx, id, owner, value);
    }

    @Transaction(intent = Transaction.TYPE.EVALUATE)
    public String ReadAsset(Context ctx, String id) {
        return existing(ctx, id);
    }

    @Transaction(intent = Transaction.TYPE.EVALUATE)
    public boolean AssetExists(Context ctx, String id) {
        return !ctx.getStub().getStringState(id).isEmpty();
    }

    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public String UpdateAsset(Context ctx, String id, String owner, int value) {
        existing(ctx, id);
        return put(ctx, id, owner, value);
    }

    /** Writes without reading, so that it never conflicts. */
    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public String PutAsset(Context ctx, String id, String owner, int value) {
        return put(ctx, id, owner, value);
    }

    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public String TransferAsset(Context ctx, String id, String newOwner) {
        String[] parts = existing(ctx, id).split(":", -1);
        put(ctx, id, newOwner, Integer.parseInt(parts[1]));
        ctx.getStub().setEvent("Transferred", (id + ">" + newOwner).getBytes(StandardCharsets.UTF_8));
        return parts[0];
    }

    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public void DeleteAsset(Context ctx, String id) {
        existing(ctx, id);
        ctx.getStub().delState(id);
    }

    @Transaction(intent = Transaction.TYPE.EVALUATE)
    public String GetAllAssets(Context ctx) throws Exception {
        return range(ctx, "", "");
    }

    @Transaction(intent = Transaction.TYPE.EVALUATE)
    public String GetRange(Context ctx, String from, String to) throws Exception {
        return range(ctx, from, to);
    }

    /** The keys of one page, then {@code |count|bookmark}. */
    @Transaction(intent = Transaction.TYPE.EVALUATE)
    public String GetPage(Context ctx, String from, String to, int size, String bookmark) throws Exception {
        try (QueryResultsIteratorWithMetadata<KeyValue> rows =
                ctx.getStub().getStateByRangeWithPagination(from, to, size, bookmark)) {
            String keys = keys(rows);
            return keys + "|" + rows.getMetadata().getFetchedRecordsCount() + "|"
                    + rows.getMetadata().getBookmark();
        }
    }

    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public void WriteAfterPage(Context ctx, String from, String to, String target) throws Exception {
        GetPage(ctx, from, to, 2, "");
        put(ctx, target, "paged", 1);
    }

    /** Writes the number of keys in a range: a later key in it is a phantom. */
    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public String CountRange(Context ctx, String from, String to, String target) throws Exception {
        String keys = range(ctx, from, to);
        int count = keys.isEmpty() ? 0 : keys.split(",", -1).length;
        put(ctx, target, "count", count);
        return Integer.toString(count);
    }

    /** Value by value, {@code deleted} for a deletion, each with its transaction: {@code value@txid}. */
    @Transaction(intent = Transaction.TYPE.EVALUATE)
    public String GetHistory(Context ctx, String id) throws Exception {
        StringJoiner entries = new StringJoiner(",");
        try (QueryResultsIterator<KeyModification> history = ctx.getStub().getHistoryForKey(id)) {
            for (KeyModification change : history) {
                entries.add((change.isDeleted() ? "deleted" : change.getStringValue()) + "@" + change.getTxId());
            }
        }
        return entries.toString();
    }

    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public void Emit(Context ctx, String first, String last, String payload) {
        ctx.getStub().setEvent(first, payload.getBytes(StandardCharsets.UTF_8));
        ctx.getStub().setEvent(last, payload.getBytes(StandardCharsets.UTF_8));
        put(ctx, "emitted", last, 1);
    }

    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public String CallOther(Context ctx, String chaincode, String channel, String function, String id, String owner) {
        byte[][] arguments = {bytes(function), bytes(id), bytes(owner), bytes("7")};
        Response response = ctx.getStub().invokeChaincode(chaincode, List.of(arguments), channel);
        if (response.getStatus() != Response.Status.SUCCESS) {
            throw new ChaincodeException("call failed: " + response.getMessage());
        }
        put(ctx, "called", chaincode, 1);
        ctx.getStub().setEvent("Called", bytes(chaincode));
        return response.getStringPayload();
    }

    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public String ReadOther(Context ctx, String chaincode, String function, String id) {
        Response response = ctx.getStub().invokeChaincode(chaincode, List.of(bytes(function), bytes(id)), "");
        return response.getStatus() + ":" + response.getMessage() + ":" + response.getStringPayload();
    }

    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public String KeepTransient(Context ctx, String id) {
        byte[] secret = ctx.getStub().getTransient().get("secret");
        if (secret == null) {
            throw new ChaincodeException("no transient value \"secret\"");
        }
        put(ctx, id, "transient", secret.length);
        return Integer.toString(secret.length);
    }

    /** What a transaction sees of its own writes, by key and by range. */
    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public String ReadOwnWrites(Context ctx, String id, String owner) throws Exception {
        String before = ctx.getStub().getStringState(id);
        put(ctx, id, "first", 1);
        put(ctx, id, owner, 2);
        return before + "|" + ctx.getStub().getStringState(id) + "|" + range(ctx, id, id + "~");
    }

    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public void PutRaw(Context ctx, String id, String value) {
        ctx.getStub().putState(id, bytes(value));
    }

    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public void PutTagged(Context ctx, String color, String id) {
        String key = ctx.getStub().createCompositeKey("color~id", color, id).toString();
        ctx.getStub().putState(key, new byte[] {1});
    }

    @Transaction(intent = Transaction.TYPE.EVALUATE)
    public String GetTagged(Context ctx, String color) throws Exception {
        StringJoiner ids = new StringJoiner(",");
        try (QueryResultsIterator<KeyValue> rows = ctx.getStub().getStateByPartialCompositeKey("color~id", color)) {
            for (KeyValue row : rows) {
                CompositeKey key = ctx.getStub().splitCompositeKey(row.getKey());
                ids.add(key.getAttributes().get(1));
            }
        }
        return ids.toString();
    }

    @Transaction(intent = Transaction.TYPE.EVALUATE)
    public String WhoAmI(Context ctx) {
        return ctx.getClientIdentity().getMSPID() + " "
                + ctx.getClientIdentity().getId();
    }

    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public String Fail(Context ctx, String message) {
        put(ctx, "never", "never", 1);
        throw new ChaincodeException(message, "payload that clients never see");
    }

    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public String Break(Context ctx) {
        String nothing = ctx.getStub().getStringState("never written");
        return nothing.substring(1);
    }

    /** The transaction's time in ms since 1970, the channel and the transaction's id. */
    @Transaction(intent = Transaction.TYPE.EVALUATE)
    public String Context(Context ctx) {
        return ctx.getStub().getTxTimestamp().toEpochMilli() + " "
                + ctx.getStub().getChannelId() + " " + ctx.getStub().getTxId();
    }

    private static String put(Context ctx, String id, String owner, int value) {
        String content = owner + ":" + value;
        ctx.getStub().putStringState(id, content);
        return content;
    }

    private static String existing(Context ctx, String id) {
        String asset = ctx.getStub().getStringState(id);
        if (asset.isEmpty()) {
            throw new ChaincodeException("asset " + id + " does not exist", "ASSET_NOT_FOUND");
        }
        return asset;
    }

    private static String range(Context ctx, String from, String to) throws Exception {
        try (QueryResultsIterator<KeyValue> rows = ctx.getStub().getStateByRange(from, to)) {
            return keys(rows);
        }
    }

    private static String keys(Iterable<KeyValue> rows) {
        StringJoiner keys = new StringJoiner(",");
        rows.forEach(row -> keys.add(row.getKey()));
        return keys.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
