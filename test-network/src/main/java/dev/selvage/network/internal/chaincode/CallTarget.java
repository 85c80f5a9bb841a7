package dev.selvage.network.internal.chaincode;

/**
 * The chaincode that another names, in Fabric's form {@code name[:version][/channel]}; the version is ignored.
 *
 * @param channel empty for the caller's own
 */
record CallTarget(String chaincode, String channel) {
    static CallTarget parse(String name) {
        int slash = name.indexOf('/');
        String channel = slash < 0 ? "" : name.substring(slash + 1);
        String versioned = slash < 0 ? name : name.substring(0, slash);
        int colon = versioned.indexOf(':');
        return new CallTarget(colon < 0 ? versioned : versioned.substring(0, colon), channel);
    }

    String channelOr(String own) {
        return channel.isEmpty() ? own : channel;
    }
}
