package dev.selvage.agent.audit;

import dev.selvage.agent.audit.AuditApi.AnchorOrder;
import dev.selvage.agent.audit.AuditApi.AnchorReport;
import dev.selvage.agent.audit.AuditApi.AuditOrder;
import dev.selvage.agent.audit.AuditApi.JobView;
import dev.selvage.agent.audit.AuditApi.VerifyOrder;
import dev.selvage.agent.content.ContentStore;
import dev.selvage.agent.data.DataCatalogue;
import dev.selvage.agent.ledger.Ledger;
import dev.selvage.agent.peer.CertificateNeeded;
import dev.selvage.agent.peer.ContentFacts;
import dev.selvage.agent.peer.MemberCheck;
import dev.selvage.agent.peer.MemberSigner;
import dev.selvage.agent.peer.PeerLinks;
import dev.selvage.agent.read.ReadModel;
import dev.selvage.integrity.audit.OnLedger;
import dev.selvage.integrity.pairing.Pairing;
import dev.selvage.integrity.tuning.HashWish;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.AuditMode;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Anchors and audits of a node: both sides of an audit, and what its owner asks. Thread-safe. */
public final class Audits implements AutoCloseable {
    private final Jobs jobs = new Jobs();
    private final AuditWatch watch;
    private final Anchoring anchoring;
    private final Auditor auditor;
    private final FileCheck check;
    private final Holding holding;
    private final AuditService service;
    private final AnchorStore kits;
    private final Metadata metadata;
    private final NodeId self;

    /**
     * What it is made of.
     *
     * @param channel the channel's name
     * @param ledger of the metadata contract
     * @param folder where kits are kept
     */
    public record Parts(
            NodeId self,
            String channel,
            MemberSigner identity,
            Ledger ledger,
            Path folder,
            ReadModel model,
            ContentStore store,
            DataCatalogue catalogue,
            MemberCheck members,
            ContentFacts facts,
            PeerLinks links,
            Clock clock) {}

    public Audits(Parts parts) {
        self = parts.self();
        kits = new AnchorStore(parts.folder());
        var bytes =
                new LocalBytes(parts.catalogue(), parts.store(), parts.folder().resolve("small"));
        metadata = new Metadata(parts.ledger());
        watch = new AuditWatch(parts.self(), metadata, parts.clock());
        watch.start();
        var asking = new AuditLinks(parts.self(), parts.identity(), parts.links(), parts.clock());
        Function<String, NodeId> nodeOf = msp -> nodeOf(parts.model(), msp);
        var making = new KitMaking(kits);
        anchoring = new Anchoring(parts.self(), bytes, kits, metadata, making);
        auditor = new Auditor(parts.channel(), metadata, asking, new AuditTimes(AuditTimes.STEP), nodeOf);
        check = new FileCheck(metadata, asking, nodeOf, making);
        holding = new Holding(bytes, kits, check, nodeOf, making);
        service = new AuditService(
                new StepRequests(parts.self(), parts.members(), parts.clock()),
                new Prover(
                        parts.self(),
                        parts.identity().spki(),
                        parts.catalogue(),
                        bytes,
                        parts.facts(),
                        kits,
                        metadata));
    }

    private static NodeId nodeOf(ReadModel model, String msp) {
        var nodes = model.nodes(msp);
        if (nodes.isEmpty()) {
            throw new SelvageException(
                    ErrorCode.PEER_UNREACHABLE, "No node of " + msp + " has told the ledger its address.");
        }
        if (nodes.size() > 1) {
            throw new SelvageException(
                    ErrorCode.ARGUMENT_INVALID,
                    msp + " has several nodes: say which one has the data, such as --holder " + nodes.get(0) + ".");
        }
        return nodes.get(0);
    }

    /** The service for other nodes, as it is to be served. */
    public ServerServiceDefinition forNodes() {
        return ServerInterceptors.intercept(service, new CertificateNeeded());
    }

    /** The functions of {@link AuditApi}, from the JSON of the argument to the answer. */
    public Map<String, Function<String, Object>> functions() {
        return Map.of(
                AuditApi.JOB,
                json -> jobs.view(CanonicalJson.read(json, AuditApi.JobId.class).job()),
                AuditApi.KITS,
                json -> kits(),
                AuditApi.HOLD,
                json -> hold(CanonicalJson.read(json, AuditApi.HoldOrder.class)),
                AuditApi.OWNER_KEY,
                json -> ownerKey(),
                AuditApi.ANCHOR,
                json -> anchor(CanonicalJson.read(json, AnchorOrder.class)),
                AuditApi.AUDIT,
                json -> audit(CanonicalJson.read(json, AuditOrder.class)),
                AuditApi.VERIFY,
                json -> verify(CanonicalJson.read(json, VerifyOrder.class)));
    }

    private AuditApi.OwnerKeyView ownerKey() {
        var own = kits.ownerKey();
        var known = metadata.key(self.msp(), own.digest());
        if (known.isPresent() && known.get().revoked() != null) {
            own = kits.renewOwnerKey(own.digest());
            known = metadata.key(self.msp(), own.digest());
        }
        var request = OnLedger.key(Pairing.fastest(), own.key(), self.msp());
        return new AuditApi.OwnerKeyView(own.digest(), request.publicKey(), request.possession(), known.isPresent());
    }

    private JobView anchor(AnchorOrder order) {
        return jobs.start(progress -> {
            long start = System.nanoTime();
            var anchored = anchoring.anchor(
                    order.data(),
                    order.mode() == null ? AuditMode.MERKLE : order.mode(),
                    order.expires(),
                    wish(order.hashing()),
                    order.freshKey(),
                    progress);
            long millis =
                    Math.max(1, Duration.ofNanos(System.nanoTime() - start).toMillis());
            var fact = anchored.fact();
            return new AnchorReport(
                    fact.data(),
                    fact.version(),
                    fact.mode(),
                    fact.leaves(),
                    fact.blockSize(),
                    fact.length(),
                    fact.root(),
                    anchored.fresh(),
                    anchored.anew(),
                    anchored.hashing(),
                    millis,
                    fact.length() * 1000 / millis,
                    fact.txid());
        });
    }

    private JobView audit(AuditOrder order) {
        var wanted = new Auditor.Order(
                order.data(),
                Optional.ofNullable(order.holder()).map(NodeId::parse),
                Detection.parse(order.detect() == null ? Detection.USUAL : order.detect()),
                Optional.ofNullable(order.mode()),
                Optional.empty());
        return jobs.start(progress -> audit(wanted, progress));
    }

    AuditReport audit(Auditor.Order order, Progress progress) {
        return auditor.audit(order, progress);
    }

    private JobView verify(VerifyOrder order) {
        Path path = Path.of(order.path());
        if (!path.isAbsolute()) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "The file's path must be absolute: " + path + ".");
        }
        NodeId holder = order.holder() == null ? null : NodeId.parse(order.holder());
        return jobs.start(progress -> check.verify(order.data(), path, holder, wish(order.hashing()), progress));
    }

    private JobView hold(AuditApi.HoldOrder order) {
        return jobs.start(progress -> holding.hold(order.data(), order.local(), wish(order.hashing()), progress));
    }

    private static HashWish wish(HashWish given) {
        return given == null ? HashWish.NONE : given;
    }

    private List<AuditApi.KitView> kits() {
        return kits.list().stream()
                .sorted(Comparator.comparing((Kit kit) -> kit.data().toString()).thenComparingInt(Kit::version))
                .map(kit -> new AuditApi.KitView(
                        kit.local(),
                        kit.data(),
                        kit.version(),
                        kit.mode(),
                        kit.leaves(),
                        kit.blockSize(),
                        kit.length(),
                        kit.root(),
                        kit.hashing()))
                .toList();
    }

    /** @throws SelvageException ARGUMENT_INVALID */
    static AuditMode mode(String text) {
        for (AuditMode mode : AuditMode.values()) {
            if (mode.toString().equals(text)) {
                return mode;
            }
        }
        throw new SelvageException(
                ErrorCode.ARGUMENT_INVALID, "mode=" + text + ": expected merkle, sectored or paper.");
    }

    @Override
    public void close() {
        watch.close();
        jobs.close();
    }
}
