package dev.selvage.network.org;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;

/** A TCP address. */
public record HostPort(String host, int port) {
    public HostPort {
        if (!host.matches("[A-Za-z0-9.:_-]{1,253}")) {
            throw new SelvageException(ErrorCode.CONFIG_INVALID, "\"" + host + "\" is no host name or address");
        }
        if (port < 1 || port > 65_535) {
            throw new SelvageException(ErrorCode.CONFIG_INVALID, "port " + port + " is not between 1 and 65535");
        }
    }

    /** Reads {@code HOST:PORT}. */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw new SelvageException(ErrorCode.CONFIG_INVALID, "\"" + text + "\" is not HOST:PORT");
        }
        return new HostPort(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
