package dev.selvage.cli.internal.local;

import dev.selvage.formats.config.HostPort;
import dev.selvage.network.fabric.FabricPlan;

/**
 * Where the processes of a local network listen, all on the loopback address.
 *
 * @param shift added to every port, so that several networks can run side by side
 */
public record NetworkPorts(int shift) {
    public static final NetworkPorts DEFAULT = new NetworkPorts(0);
    public static final int LARGEST_SHIFT = 50_000;

    private static final int CHAINCODE = 7061;
    private static final int NODE = 7071;
    private static final int DATABASE = 7081;
    private static final int HTTP_ENGINE = 7082;
    private static final int MONITOR = 7091;

    public HostPort orderer() {
        return at(FabricPlan.usualOrderer(0));
    }

    /** The first peer of the organisation at this place in the channel. */
    public HostPort peer(int organisation) {
        return peer(organisation, 0);
    }

    /** One of the peers of the organisation at this place in the channel. */
    public HostPort peer(int organisation, int number) {
        return at(FabricPlan.usualPeer(organisation, number));
    }

    public HostPort chaincode(int number) {
        return at(CHAINCODE + number);
    }

    /** The agent of the organisation at this place. */
    public HostPort node(int organisation) {
        return at(NODE + organisation);
    }

    /** Metrics and health of the agent of the organisation at this place. */
    public HostPort monitor(int organisation) {
        return at(MONITOR + organisation);
    }

    public HostPort database() {
        return at(DATABASE);
    }

    public HostPort httpEngine() {
        return at(HTTP_ENGINE);
    }

    private HostPort at(int port) {
        return new HostPort("127.0.0.1", port + shift);
    }
}
