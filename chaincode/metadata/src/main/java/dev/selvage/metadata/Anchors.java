package dev.selvage.metadata;

import dev.selvage.contract.Paging;
import dev.selvage.integrity.audit.Sectors;
import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Limits;
import dev.selvage.model.Names;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AnchorLimits;
import dev.selvage.model.integrity.AuditMode;
import dev.selvage.model.integrity.DataName;
import dev.selvage.model.integrity.MetadataApi;
import dev.selvage.model.integrity.MetadataEvent;
import dev.selvage.model.integrity.MetadataFacts.AnchorFact;
import dev.selvage.model.integrity.MetadataFacts.DataFact;
import dev.selvage.model.integrity.MetadataFacts.KeyFact;
import dev.selvage.model.integrity.MetadataFacts.Prover;
import dev.selvage.model.integrity.MetadataKeys;
import dev.selvage.proofs.Anchor;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Versions of data sets, and who may prove beside their owner. */
final class Anchors {
    private static final byte[] GENERATOR = Pairing.pureJava().g2Generator().compressed();

    private Anchors() {}

    /** Anchors the next version of a data set of the caller's organisation. The same version again changes nothing. */
    static AnchorFact anchor(Call call, MetadataApi.NewAnchor request) {
        var data = new DataName(call.caller().msp(), request.name());
        requireForm(request);
        var head = head(call, data);
        var known = call.state().get(MetadataKeys.anchor(data, request.version()), AnchorFact.class);
        if (known != null && same(known, request)) {
            return known;
        }
        int newest = head == null ? 0 : head.version();
        if (request.version() != newest + 1) {
            throw new SelvageException(
                    ErrorCode.ANCHOR_VERSION,
                    Map.of("newest", Integer.toString(newest)),
                    "The newest version of " + data + " is " + newest + "; next comes " + (newest + 1) + ", not "
                            + request.version() + ".");
        }
        Given.require(
                request.expires() == null || request.expires() > call.at(), "A promise ends later than it begins.");
        KeyFact key = request.mode().needsKey() ? OwnerKeys.good(call, data.owner(), request.key()) : null;
        var fact = fact(call, data, request, key);
        call.state().put(MetadataKeys.anchor(data, request.version()), fact);
        call.state()
                .put(
                        MetadataKeys.data(data),
                        new DataFact(
                                data,
                                request.version(),
                                head == null ? List.of() : head.provers(),
                                call.caller().party(),
                                call.at(),
                                call.txid()));
        call.tell(new MetadataEvent.Anchored(data, fact.version(), fact.mode(), fact.root()));
        return fact;
    }

    private static void requireForm(MetadataApi.NewAnchor request) {
        AuditMode mode = Given.present("The mode", request.mode());
        Given.present("The root", request.root());
        Given.require(
                (mode == AuditMode.PAPER) == (request.root2() != null), "A second root goes with the paper mode only.");
        Given.require(
                mode.needsKey() == (request.key() != null), "A key goes with the sectored and the paper mode only.");
        Given.require(request.length() >= 0, "A file has no negative length.");
        AnchorLimits.broken(mode, request.length(), request.blockSize()).ifPresent(sentence -> {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, sentence);
        });
        int leaves = Anchor.leavesFor(request.length(), request.blockSize());
        Given.require(
                request.leaves() == leaves,
                request.length() + " bytes in blocks of " + request.blockSize() + " are " + leaves + " leaves, not "
                        + request.leaves() + ".");
    }

    private static AnchorFact fact(Call call, DataName data, MetadataApi.NewAnchor request, KeyFact key) {
        return new AnchorFact(
                data,
                request.version(),
                request.mode(),
                data.file(),
                request.leaves(),
                request.length(),
                request.blockSize(),
                request.mode() == AuditMode.SECTORED ? Sectors.count(request.blockSize()) : 0,
                request.root(),
                request.root2(),
                request.mode() == AuditMode.PAPER ? GENERATOR : null,
                request.key(),
                key == null ? null : key.publicKey(),
                request.content(),
                request.expires(),
                call.caller().party(),
                call.at(),
                call.txid());
    }

    private static boolean same(AnchorFact fact, MetadataApi.NewAnchor request) {
        return fact.mode() == request.mode()
                && fact.length() == request.length()
                && fact.blockSize() == request.blockSize()
                && fact.root().equals(request.root())
                && Objects.equals(fact.root2(), request.root2())
                && Objects.equals(fact.key(), request.key())
                && Objects.equals(fact.content(), request.content())
                && Objects.equals(fact.expires(), request.expires());
    }

    /** Names who may prove beside the owner, from now on. */
    static DataFact nameProvers(Call call, MetadataApi.NewProvers request) {
        var data = new DataName(call.caller().msp(), request.name());
        Given.require(
                request.provers().size() <= MetadataApi.PROVERS,
                "An owner names at most " + MetadataApi.PROVERS + " provers.");
        request.provers().forEach(Anchors::requireProver);
        Given.require(
                request.provers().stream().map(Prover::toString).distinct().count()
                        == request.provers().size(),
                "A prover is named once.");
        var head = known(call, data);
        if (head.provers().equals(request.provers())) {
            return head;
        }
        var fact = new DataFact(
                data, head.version(), request.provers(), call.caller().party(), call.at(), call.txid());
        call.state().put(MetadataKeys.data(data), fact);
        call.tell(new MetadataEvent.Provers(data, request.provers()));
        return fact;
    }

    private static void requireProver(Prover prover) {
        Names.component("The MSP", prover.msp());
        Given.require((prover.node() == null) == (prover.spki() == null), "A node that proves is named with its key.");
        if (prover.node() != null) {
            Names.component("The node", prover.node());
        }
    }

    private static DataFact head(Call call, DataName data) {
        return call.state().get(MetadataKeys.data(data), DataFact.class);
    }

    /**
     * What stands under a name.
     *
     * @throws SelvageException ANCHOR_UNKNOWN
     */
    static DataFact known(Call call, DataName data) {
        var head = head(call, Given.present("The data set", data));
        if (head == null) {
            throw new SelvageException(ErrorCode.ANCHOR_UNKNOWN, "Nothing is anchored as " + data + ".");
        }
        return head;
    }

    /**
     * A version of a data set.
     *
     * @throws SelvageException ANCHOR_UNKNOWN
     */
    static AnchorFact version(Call call, DataName data, int version) {
        var fact = call.state().get(MetadataKeys.anchor(data, version), AnchorFact.class);
        if (fact == null) {
            throw new SelvageException(
                    ErrorCode.ANCHOR_UNKNOWN, "Version " + version + " of " + data + " is not anchored.");
        }
        return fact;
    }

    static MetadataApi.AnchorView get(Call call, MetadataApi.AnchorQuery query) {
        var head = known(call, query.data());
        int version = query.version() == null ? head.version() : query.version();
        var fact = version(call, query.data(), version);
        var revoked = fact.key() == null
                ? null
                : OwnerKeys.revocation(call, fact.data().owner(), fact.key());
        return new MetadataApi.AnchorView(fact, version == head.version(), head.provers(), revoked);
    }

    static ContractApi.Listed<DataFact> list(Call call, MetadataApi.OwnerQuery query) {
        String msp = query.msp() == null ? call.caller().msp() : query.msp();
        return Paging.of(query.page(), Limits.PAGE)
                .list(call.state(), MetadataKeys.dataOf(msp), row -> row.as(DataFact.class));
    }

    static ContractApi.Listed<AnchorFact> versions(Call call, MetadataApi.DataQuery query) {
        var data = Given.present("The data set", query.data());
        return Paging.of(query.page(), Limits.PAGE)
                .list(call.state(), MetadataKeys.anchors(data), row -> row.as(AnchorFact.class));
    }
}
