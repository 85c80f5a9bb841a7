package dev.selvage.formats.config;

import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/**
 * A network address, written {@code 127.0.0.1:7051} or {@code [::1]:7051}.
 *
 * @param host a name or an address
 * @param port 0 asks for any free port where something listens
 */
public record HostPort(String host, int port) {
    private static final Pattern WRITTEN =
            Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]):([0-9]{1,5})");
    private static final int MAX_PORT = 65_535;

    public HostPort {
        if (host == null || host.isEmpty() || port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("not an address: " + host + ":" + port);
        }
    }

    /** Reads an address; null when the text is none. */
    public static HostPort parse(String text) {
        var matcher = WRITTEN.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > MAX_PORT) {
            return null;
        }
        return new HostPort(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }

    /** The address with its name looked up. */
    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
