package io.ringrift.agent.membership;

/**
 * Where a node's REST API answers. An attribute of a member, never its identity.
 *
 * @param host name or literal address, without brackets
 * @param port 1-65535
 */
public record Address(String host, int port) {
    /** {@code host:port}, a literal IPv6 address in brackets. */
    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
