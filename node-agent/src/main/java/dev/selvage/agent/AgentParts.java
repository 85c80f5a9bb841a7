package dev.selvage.agent;

import dev.selvage.agent.content.ContentStore;
import dev.selvage.agent.data.DataCatalogue;
import dev.selvage.agent.journal.Journal;
import dev.selvage.agent.ledger.Ledger;
import dev.selvage.agent.peer.MemberSigner;
import dev.selvage.agent.peer.PeerTls;
import dev.selvage.agent.pipeline.Engines;
import dev.selvage.agent.read.ReadModel;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.model.Digest;
import dev.selvage.scheduler.Scheduler;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Set;

/**
 * What an agent has before it has reached the ledger.
 *
 * @param creators how its own transactions are known in blocks
 */
record AgentParts(
        NodeConfig config,
        MemberSigner identity,
        Set<Digest> creators,
        PeerTls tls,
        CertificateWatch certificates,
        Ledger ledger,
        Journal journal,
        ReadModel model,
        ContentStore store,
        DataCatalogue catalogue,
        Scheduler scheduler,
        Engines engines,
        AgentThreads threads,
        MeterRegistry registry,
        Clock clock) {}
