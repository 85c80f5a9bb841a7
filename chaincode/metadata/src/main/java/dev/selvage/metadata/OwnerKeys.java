package dev.selvage.metadata;

import dev.selvage.contract.Paging;
import dev.selvage.integrity.audit.OwnerKey;
import dev.selvage.integrity.pairing.InvalidPointException;
import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataEvent;
import dev.selvage.model.integrity.MetadataFacts;
import dev.selvage.model.integrity.MetadataFacts.KeyFact;
import dev.selvage.model.integrity.MetadataFacts.KeyRevocationFact;
import dev.selvage.model.integrity.MetadataKeys;
import java.util.Arrays;
import java.util.Map;

/** The keys with which owners make tags. */
final class OwnerKeys {
    private static final int PAGE = 50;
    private static final Pairing PAIRING = Pairing.pureJava();

    private OwnerKeys() {}

    /** Registers a key whose possession is proven. The same again changes nothing; a revoked key never returns. */
    static KeyFact register(Call call, MetadataApi.NewKey request) {
        String msp = admin(call);
        Given.bytes("The public key", request.publicKey(), Pairing.G2_BYTES);
        Given.bytes("The proof of possession", request.possession(), Pairing.G1_BYTES);
        Digest key = Digest.of(request.publicKey());
        requireNotRevoked(call, msp, key);
        var known = call.state().get(MetadataKeys.key(msp, key), KeyFact.class);
        if (known != null) {
            return known;
        }
        requirePossession(msp, request);
        var fact = new KeyFact(
                msp,
                key,
                request.publicKey(),
                request.possession(),
                call.caller().party(),
                call.at(),
                call.txid());
        call.state().put(MetadataKeys.key(msp, key), fact);
        call.tell(new MetadataEvent.Key(msp, key));
        return fact;
    }

    private static void requirePossession(String msp, MetadataApi.NewKey request) {
        boolean proven;
        try {
            Pairing.G2 key = PAIRING.g2(request.publicKey());
            proven = Arrays.equals(key.compressed(), request.publicKey()) // one point, one digest
                    && OwnerKey.verifyPossession(PAIRING, msp, key, PAIRING.g1(request.possession()));
        } catch (InvalidPointException e) {
            throw new SelvageException(ErrorCode.DATA_KEY_INVALID, e.getMessage(), e);
        }
        if (!proven) {
            throw new SelvageException(
                    ErrorCode.DATA_KEY_INVALID, "The proof of possession was not made with this key for " + msp + ".");
        }
    }

    /** Revokes a key of the caller's organisation, for good. */
    static Map<String, String> revoke(Call call, MetadataApi.KeyRevocation request) {
        String msp = admin(call);
        Digest key = Given.present("The key", request.key());
        if (request.reason() != null) {
            Given.reason(request.reason());
        }
        requireRegistered(call, msp, key);
        if (!call.state().has(MetadataKeys.keyRevoked(msp, key))) {
            call.state()
                    .put(
                            MetadataKeys.keyRevoked(msp, key),
                            new KeyRevocationFact(
                                    msp, key, request.reason(), call.caller().party(), call.at(), call.txid()));
            call.tell(new MetadataEvent.KeyRevoked(msp, key));
        }
        return Map.of();
    }

    private static String admin(Call call) {
        if (!call.caller().isAdmin()) {
            throw call.notPermitted("may not register or revoke keys: an admin of "
                    + call.caller().msp() + " does that.");
        }
        return call.caller().msp();
    }

    /**
     * The key of an owner that is good.
     *
     * @throws SelvageException DATA_KEY_UNKNOWN or DATA_KEY_REVOKED
     */
    static KeyFact good(Call call, String msp, Digest key) {
        var fact = requireRegistered(call, msp, key);
        requireNotRevoked(call, msp, key);
        return fact;
    }

    private static KeyFact requireRegistered(Call call, String msp, Digest key) {
        var fact = call.state().get(MetadataKeys.key(msp, key), KeyFact.class);
        if (fact == null) {
            throw new SelvageException(
                    ErrorCode.DATA_KEY_UNKNOWN,
                    "The key " + key.shortForm() + "... is not registered for " + msp + ".");
        }
        return fact;
    }

    static void requireNotRevoked(Call call, String msp, Digest key) {
        if (call.state().has(MetadataKeys.keyRevoked(msp, key))) {
            throw new SelvageException(
                    ErrorCode.DATA_KEY_REVOKED, "The key " + key.shortForm() + "... of " + msp + " was revoked.");
        }
    }

    static MetadataApi.KeyView get(Call call, MetadataApi.KeyQuery query) {
        Digest key = Given.present("The key", query.key());
        String msp = query.msp() == null ? call.caller().msp() : query.msp();
        return view(call, requireRegistered(call, msp, key));
    }

    static ContractApi.Listed<MetadataApi.KeyView> list(Call call, MetadataApi.OwnerQuery query) {
        String msp = query.msp() == null ? call.caller().msp() : query.msp();
        return Paging.of(query.page(), PAGE)
                .list(call.state(), MetadataKeys.keys(msp), row -> view(call, row.as(KeyFact.class)));
    }

    private static MetadataApi.KeyView view(Call call, KeyFact fact) {
        return new MetadataApi.KeyView(fact, revocation(call, fact.msp(), fact.key()));
    }

    static KeyRevocationFact revocation(Call call, String msp, Digest key) {
        return call.state().get(MetadataKeys.keyRevoked(msp, key), MetadataFacts.KeyRevocationFact.class);
    }
}
