package dev.selvage.network.internal.commit;

import com.google.protobuf.ByteString;
import dev.selvage.network.org.ChannelOrganisations;
import dev.selvage.network.org.Member;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers signatures known to be good, so that an endorsement this process has made is not verified again when it
 * comes back in its transaction. A hit needs the same signer, message and signature. Thread-safe, bounded.
 */
public final class SignatureCache {
    private static final int REMEMBERED = 20_000;

    private final ChannelOrganisations organisations;
    private final Map<ByteString, Boolean> good = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteString, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });

    public SignatureCache(ChannelOrganisations organisations) {
        this.organisations = organisations;
    }

    /** Notes a signature that this process has just made. */
    public void made(ByteString signer, byte[] message, byte[] signature) {
        good.put(key(signer, message, signature), Boolean.TRUE);
    }

    public boolean verify(Member member, byte[] message, byte[] signature) {
        return good.containsKey(key(member.serialized(), message, signature))
                || organisations.verify(member, message, signature);
    }

    private static ByteString key(ByteString signer, byte[] message, byte[] signature) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(MessageDigest.getInstance("SHA-256").digest(message));
            digest.update((byte) signature.length);
            digest.update(signature);
            digest.update(signer.asReadOnlyByteBuffer());
            return ByteString.copyFrom(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
