package dev.selvage.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A node's name on the channel, written {@code EwrMSP/node1}.
 *
 * @param msp the organisation's membership service provider
 * @param node the node's name within it
 */
public record NodeId(String msp, String node) implements Comparable<NodeId> {
    public NodeId {
        Names.component("The MSP", msp);
        Names.component("The node", node);
    }

    /**
     * Reads {@code MSP/node}.
     *
     * @throws SelvageException REQUEST_INVALID
     */
    @JsonCreator
    public static NodeId parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID,
                    "A node is written MSP/node, such as EwrMSP/node1, not \"" + text + "\".");
        }
        return new NodeId(text.substring(0, slash), text.substring(slash + 1));
    }

    @JsonValue
    @Override
    public String toString() {
        return msp + "/" + node;
    }

    @Override
    public int compareTo(NodeId other) {
        return toString().compareTo(other.toString());
    }
}
