package dev.selvage.network;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.OrganisationsPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How to run an embedded ledger.
 *
 * @param data folder of the ledger, for this process alone
 * @param organizations folder of the organisations' keys, made on first start; Fabric users know its form
 * @param channel the one channel's name
 * @param organisations made on first start; later the same are expected
 * @param host local address to listen on
 * @param peerPorts one for each organisation with peers, in order; 0 for any free port
 * @param ordererPort where the ordering service is, named in the config block; 0 for any free port
 * @param batchTimeout how long a block waits for more transactions after its first
 * @param batchTransactions most transactions in a block
 * @param executeTimeout how long a chaincode may take for one transaction
 * @param gatewayLimit concurrent calls of a peer's gateway, waiting ones included; 500 as in Fabric
 */
public record EmbeddedLedgerConfig(
        Path data,
        Path organizations,
        String channel,
        OrganisationsPlan organisations,
        String host,
        List<Integer> peerPorts,
        int ordererPort,
        Duration batchTimeout,
        int batchTransactions,
        Duration executeTimeout,
        int gatewayLimit) {
    private static final Pattern CHANNEL = Pattern.compile("[a-z][a-z0-9.-]{0,248}");
    private static final int FIRST_PEER_PORT = 7051;
    private static final int ORDERER_PORT = 7050;
    private static final int NEXT_PEER = 1_000;

    public EmbeddedLedgerConfig {
        peerPorts = List.copyOf(peerPorts);
        require(CHANNEL.matcher(channel).matches(), "\"" + channel + "\" is no channel name: a to z, 0 to 9, '.', '-'");
        require(
                peerPorts.size() == organisations.peers().size(),
                "there are " + organisations.peers().size() + " organisations and " + peerPorts.size() + " ports");
        peerPorts.forEach(EmbeddedLedgerConfig::requirePort);
        requirePort(ordererPort);
        require(!batchTimeout.isNegative(), "the batch timeout is negative");
        require(batchTransactions > 0, "a block needs room for a transaction");
        require(executeTimeout.toMillis() > 0, "a chaincode needs time to run");
        require(gatewayLimit > 0, "the gateway's limit must be positive");
    }

    /** Three organisations on their usual ports, with a folder for all. */
    public static EmbeddedLedgerConfig of(Path folder) {
        return of(folder, OrganisationsPlan.of(3));
    }

    /** These organisations on 7051, 8051, 9051 and so on. */
    public static EmbeddedLedgerConfig of(Path folder, OrganisationsPlan organisations) {
        List<Integer> ports = java.util.stream.IntStream.range(
                        0, organisations.peers().size())
                .mapToObj(i -> FIRST_PEER_PORT + i * NEXT_PEER)
                .toList();
        return new EmbeddedLedgerConfig(
                folder.resolve("ledger"),
                folder.resolve("organizations"),
                "selvage",
                organisations,
                "127.0.0.1",
                ports,
                ORDERER_PORT,
                Duration.ofMillis(20),
                500,
                Duration.ofSeconds(30),
                500);
    }

    /** The same with any free ports. */
    public EmbeddedLedgerConfig onFreePorts() {
        return withPorts(peerPorts.stream().map(port -> 0).toList(), 0);
    }

    public EmbeddedLedgerConfig withPorts(List<Integer> peers, int orderer) {
        return new EmbeddedLedgerConfig(
                data,
                organizations,
                channel,
                organisations,
                host,
                peers,
                orderer,
                batchTimeout,
                batchTransactions,
                executeTimeout,
                gatewayLimit);
    }

    public EmbeddedLedgerConfig withChannel(String name) {
        return new EmbeddedLedgerConfig(
                data,
                organizations,
                name,
                organisations,
                host,
                peerPorts,
                ordererPort,
                batchTimeout,
                batchTransactions,
                executeTimeout,
                gatewayLimit);
    }

    public EmbeddedLedgerConfig withBatches(Duration timeout, int transactions) {
        return new EmbeddedLedgerConfig(
                data,
                organizations,
                channel,
                organisations,
                host,
                peerPorts,
                ordererPort,
                timeout,
                transactions,
                executeTimeout,
                gatewayLimit);
    }

    public EmbeddedLedgerConfig withLimits(Duration execute, int gateway) {
        return new EmbeddedLedgerConfig(
                data,
                organizations,
                channel,
                organisations,
                host,
                peerPorts,
                ordererPort,
                batchTimeout,
                batchTransactions,
                execute,
                gateway);
    }

    private static void requirePort(int port) {
        require(port >= 0 && port <= 65_535, port + " is no port");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new SelvageException(ErrorCode.CONFIG_INVALID, otherwise);
        }
    }
}
