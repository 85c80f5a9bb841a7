package dev.selvage.network;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.internal.access.AccessRules;
import dev.selvage.network.internal.admin.AdminService;
import dev.selvage.network.internal.admin.ChaincodeBook;
import dev.selvage.network.internal.admin.DataFolderLock;
import dev.selvage.network.internal.chaincode.ChaincodeHost;
import dev.selvage.network.internal.commit.BatchLimits;
import dev.selvage.network.internal.commit.CommitFeed;
import dev.selvage.network.internal.commit.CommitGate;
import dev.selvage.network.internal.commit.Committer;
import dev.selvage.network.internal.commit.OrderingDoor;
import dev.selvage.network.internal.commit.SignatureCache;
import dev.selvage.network.internal.commit.TransactionChecks;
import dev.selvage.network.internal.endorse.ConfigSystemChaincode;
import dev.selvage.network.internal.endorse.EndorsementPlan;
import dev.selvage.network.internal.endorse.Endorser;
import dev.selvage.network.internal.endorse.LifecycleSystemChaincode;
import dev.selvage.network.internal.endorse.QuerySystemChaincode;
import dev.selvage.network.internal.endorse.SystemChaincodes;
import dev.selvage.network.internal.store.LedgerStore;
import dev.selvage.network.internal.wire.PeerContext;
import dev.selvage.network.internal.wire.PeerServer;
import dev.selvage.network.org.ChaincodeDefinition;
import dev.selvage.network.org.ChannelOrganisations;
import dev.selvage.network.org.ConfigBlock;
import dev.selvage.network.org.ConnectionProfile;
import dev.selvage.network.org.Endpoints;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.Organisations;
import dev.selvage.network.org.SignedDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One channel with its organisations' peers in one process, reached by Fabric's wire protocols: unchanged fabric-gateway clients on
 * each organisation's TLS port, unchanged chaincodes as a service behind it. Durable: what was committed is there after a crash. For
 * one machine. Thread-safe.
 */
public final class EmbeddedLedger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedLedger.class);
    private static final int BLOCK_BYTES = 2 * 1024 * 1024;

    private final EmbeddedLedgerConfig config;
    private final Organisations organisations;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final CommitGate gate = new CommitGate();
    private LedgerStore store;
    private ChaincodeBook book;
    private ChaincodeHost chaincodes;
    private Endpoints endpoints;

    private EmbeddedLedger(EmbeddedLedgerConfig config, Clock clock) {
        this.config = config;
        this.organisations = Organisations.open(config.organizations(), config.organisations(), clock);
    }

    /** Starts with the system's clock; see {@link #open(EmbeddedLedgerConfig, Clock)}. */
    public static EmbeddedLedger open(EmbeddedLedgerConfig config) {
        return open(config, Clock.systemUTC());
    }

    /**
     * Starts serving; on return every port is open.
     *
     * @param clock against which proposals' timestamps and certificates are checked
     * @throws SelvageException DATA_DIRECTORY_LOCKED, PORT_TAKEN, LEDGER_CORRUPT, LEDGER_MISMATCH, CONFIG_INVALID
     */
    public static EmbeddedLedger open(EmbeddedLedgerConfig config, Clock clock) {
        EmbeddedLedger ledger = new EmbeddedLedger(config, clock);
        try {
            ledger.start(clock);
            return ledger;
        } catch (IOException e) {
            ledger.close();
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot open the ledger in " + config.data(), e);
        } catch (RuntimeException e) {
            ledger.close();
            throw e;
        }
    }

    private void start(Clock clock) throws IOException {
        ChannelOrganisations members = organisations.channel();
        endpoints = FreePorts.fill(config);
        parts.push(DataFolderLock.take(config.data()));
        store = LedgerStore.open(
                config.data(), () -> ConfigBlock.genesis(config.channel(), organisations, endpoints, clock));
        parts.push(store);
        requireSameOrganisations(members);

        ExecutorService workers = Executors.newFixedThreadPool(
                Math.max(4, 2 * Runtime.getRuntime().availableProcessors()), named("ledger-worker"));
        parts.push(workers::shutdownNow);
        ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor(named("ledger-timer"));
        parts.push(timers::shutdownNow);

        book = ChaincodeBook.open(config.data().resolve("chaincodes"), members);
        chaincodes = new ChaincodeHost(config.executeTimeout(), timers);
        parts.push(chaincodes);
        SignatureCache signatures = new SignatureCache(members);
        CommitFeed feed = new CommitFeed(workers);
        Committer committer = new Committer(
                store,
                book,
                new BatchLimits(config.batchTimeout(), config.batchTransactions(), BLOCK_BYTES),
                feed,
                gate);
        parts.push(committer);
        committer.start();

        SystemChaincodes system = new SystemChaincodes(Map.of(
                "qscc",
                new QuerySystemChaincode(config.channel(), store),
                "cscc",
                new ConfigSystemChaincode(config.channel(), store),
                "_lifecycle",
                new LifecycleSystemChaincode(members.peerMsps(), book::all)));
        AccessRules access = new AccessRules(members, clock);
        PeerContext context = new PeerContext(
                config.channel(),
                store,
                access,
                new Endorser(config.channel(), store, members, access, book, chaincodes, system, clock, workers),
                new EndorsementPlan(
                        organisations.peers().stream()
                                .map(organisation -> organisation.signer("peer0"))
                                .toList(),
                        members,
                        book,
                        signatures),
                new OrderingDoor(new TransactionChecks(config.channel(), members, signatures), access, committer),
                feed,
                addresses(),
                clock,
                workers);
        book.all().forEach(this::connectIfPossible);
        serve(context);
        for (Organisation organisation : organisations.peers()) {
            new ConnectionProfile(organisation, endpoints.peers().get(organisation.msp())).write();
        }
    }

    private void serve(PeerContext context) throws IOException {
        AdminService admin = new AdminService(this::addChaincodeJson, nothing -> statusJson());
        for (Organisation organisation : organisations.peers()) {
            parts.push(PeerServer.peer(
                    context,
                    organisation.msp(),
                    endpoints.peers().get(organisation.msp()),
                    organisation.identity("peer0").tls(),
                    config.gatewayLimit(),
                    List.of(admin)));
        }
        parts.push(PeerServer.orderer(
                context,
                endpoints.orderers().get(0),
                organisations.orderer().identity("orderer0").tls()));
    }

    private void requireSameOrganisations(ChannelOrganisations members) {
        ChannelOrganisations inBlock = ConfigBlock.organisations(store.block(0).orElseThrow());
        boolean same = inBlock.all().size() == members.all().size()
                && inBlock.all().stream()
                        .allMatch(one -> members.all().stream()
                                .anyMatch(other -> one.msp().equals(other.msp())
                                        && one.roots().equals(other.roots())));
        if (!same) {
            throw new SelvageException(
                    ErrorCode.LEDGER_MISMATCH,
                    "the ledger in " + config.data() + " was made for other organisations than those in "
                            + config.organizations());
        }
    }

    private Map<String, String> addresses() {
        Map<String, String> addresses = new LinkedHashMap<>();
        endpoints.peers().forEach((msp, address) -> addresses.put(msp, address.toString()));
        return addresses;
    }

    /** The organisations, with their keys. */
    public Organisations organisations() {
        return organisations;
    }

    /** Where each organisation's peer listens. */
    public Endpoints endpoints() {
        return endpoints;
    }

    public String channel() {
        return config.channel();
    }

    /** Number of blocks, the config block included. */
    public long height() {
        return store.height();
    }

    public LedgerFaults faults() {
        return gate;
    }

    /**
     * Defines a chaincode, durably, and connects to it.
     *
     * @throws SelvageException NOT_PERMITTED, DUPLICATE
     */
    public ChaincodeDefinition addChaincode(SignedDefinition definition) {
        try {
            return book.add(definition, chaincodes::connect);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public LedgerStatus status() {
        List<LedgerStatus.Chaincode> states = new ArrayList<>();
        for (ChaincodeDefinition definition : book.all()) {
            states.add(new LedgerStatus.Chaincode(
                    definition.name(),
                    definition.version(),
                    definition.sequence(),
                    definition.address().toString(),
                    definition.policy().toString(),
                    chaincodes.connected(definition.name())));
        }
        return new LedgerStatus(config.channel(), height(), states);
    }

    private String addChaincodeJson(String json) {
        addChaincode(SignedDefinition.fromJson(json));
        return "";
    }

    private String statusJson() {
        return CanonicalJson.text(CanonicalJson.tree(status()));
    }

    /** A chaincode that cannot be reached must not keep the ledger from starting. */
    private void connectIfPossible(ChaincodeDefinition definition) {
        try {
            chaincodes.connect(definition);
        } catch (SelvageException e) {
            LOG.error("chaincode {} is out of reach", definition.name(), e);
        }
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Stops serving, commits what was taken, and saves. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.warn("a part did not stop well", e);
            }
        }
    }
}
