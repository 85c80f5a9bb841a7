package dev.selvage.network.internal.wire;

import dev.selvage.network.internal.access.AccessRules;
import dev.selvage.network.internal.commit.CommitFeed;
import dev.selvage.network.internal.commit.OrderingDoor;
import dev.selvage.network.internal.endorse.EndorsementPlan;
import dev.selvage.network.internal.endorse.Endorser;
import dev.selvage.network.internal.store.LedgerStore;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * What the services of all peers share.
 *
 * @param addresses of each organisation's peer, for error details
 */
public record PeerContext(
        String channel,
        LedgerStore store,
        AccessRules access,
        Endorser endorser,
        EndorsementPlan plan,
        OrderingDoor orderer,
        CommitFeed feed,
        Map<String, String> addresses,
        Clock clock,
        Executor executor) {}
