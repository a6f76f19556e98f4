package io.ringrift.agent.membership;

/**
 * Where a node's REST API answers. An attribute of a member, never its identity.
 *
 * @param host name or literal address, without brackets
 * @param port 1-65535
 */
public record Address(String host, int port) {
    /** The address that {@link #toString} wrote. */
    public static Address of(String text) {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[");
        String host = bracketed ? text.substring(1, colon - 1) : text.substring(0, colon);
        return new Address(host, Integer.parseInt(text.substring(colon + 1)));
    }

    /** {@code host:port}, a literal IPv6 address in brackets. */
    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
