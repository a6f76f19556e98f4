package io.ringrift.agent.membership.swim;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Where packets or requests go: a literal IP address and a port. Never a host name, so nothing that holds one can block on
 * a name server. IPv4 is kept as a mapped IPv6 address in two words: a member's address costs 32 bytes.
 *
 * @param high the address's first 8 bytes
 * @param low its last 8 bytes
 * @param port 1-65535
 */
public record Endpoint(long high, long low, int port) {
    private static final long IPV4_PREFIX = 0x0000_FFFF_0000_0000L;

    public Endpoint {
        if (!isPort(port)) {
            throw new IllegalArgumentException("port " + port + ": allowed is 1-65535");
        }
    }

    /** The endpoint at a resolved address. */
    public static Endpoint of(InetAddress address, int port) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4
                ? ofIpv4((int) bigEndian(bytes, 0, 4), port)
                : new Endpoint(bigEndian(bytes, 0, 8), bigEndian(bytes, 8, 8), port);
    }

    /** The endpoint at an IPv4 address given as its four bytes, first byte highest. */
    public static Endpoint ofIpv4(int address, int port) {
        return new Endpoint(0, IPV4_PREFIX | (address & 0xFFFF_FFFFL), port);
    }

    static boolean isPort(int port) {
        return port >= 1 && port <= 65_535;
    }

    boolean isIpv4() {
        return high == 0 && (low & 0xFFFF_FFFF_0000_0000L) == IPV4_PREFIX;
    }

    /** The same address, another port. */
    public Endpoint withPort(int other) {
        return new Endpoint(high, low, other);
    }

    /** The address as a literal without its port, for example {@code 10.0.0.7} or {@code fd00:0:0:0:0:0:0:7}. */
    public String host() {
        return address().getHostAddress();
    }

    /** The address without its port; asks no name server. */
    public InetAddress address() {
        byte[] bytes = new byte[isIpv4() ? 4 : 16];
        for (int i = 0; i < bytes.length; i++) {
            int fromEnd = bytes.length - 1 - i;
            bytes[i] = (byte) (fromEnd < 8 ? low >>> (8 * fromEnd) : high >>> (8 * (fromEnd - 8)));
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", impossible);
        }
    }

    /** {@code host:port}, an IPv6 address in brackets. */
    @Override
    public String toString() {
        return (isIpv4() ? host() : "[" + host() + "]") + ":" + port;
    }

    private static long bigEndian(byte[] bytes, int from, int length) {
        long value = 0;
        for (int i = from; i < from + length; i++) {
            value = value << 8 | bytes[i] & 0xFF;
        }
        return value;
    }
}
