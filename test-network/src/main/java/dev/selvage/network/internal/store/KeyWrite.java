package dev.selvage.network.internal.store;

import com.google.protobuf.ByteString;

/**
 * One write of a transaction.
 *
 * @param value empty for a delete, as in Fabric an empty value is one
 */
public record KeyWrite(String namespace, String key, ByteString value) {
    /** Whether the key is gone afterwards. */
    public boolean isDelete() {
        return value.isEmpty();
    }
}
