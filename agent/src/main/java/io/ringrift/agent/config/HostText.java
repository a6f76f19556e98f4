package io.ringrift.agent.config;

import java.net.Inet6Address;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Host names, literal addresses and {@code host:port} as people write them. Looks nothing up. */
final class HostText {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");
    private static final int LONGEST_NAME = 253;

    private HostText() {}

    /** A host and perhaps a port; an IPv6 address stands without its brackets. */
    record HostPort(String host, OptionalInt port) {}

    /** {@code host}, {@code host:port}, {@code [v6]} or {@code [v6]:port}. */
    static HostPort hostAndPort(String text) throws InvalidValue {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end < 0) {
                throw new InvalidValue("has no ] after the address");
            }
            String rest = text.substring(end + 1);
            if (!rest.isEmpty() && !rest.startsWith(":")) {
                throw new InvalidValue("has something other than :port after ]");
            }
            String host = ipv6(text.substring(1, end));
            return new HostPort(
                    host, rest.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Values.port(rest.substring(1))));
        }
        int colon = text.indexOf(':');
        if (colon != text.lastIndexOf(':')) {
            throw new InvalidValue("has several colons; an IPv6 address stands in brackets: [fd00::1]:8770");
        }
        return colon < 0
                ? new HostPort(name(text), OptionalInt.empty())
                : new HostPort(name(text.substring(0, colon)), OptionalInt.of(Values.port(text.substring(colon + 1))));
    }

    /** A host name, an IPv4 address, or an IPv6 address with or without brackets; no port. */
    static String host(String text) throws InvalidValue {
        if (text.startsWith("[") && text.endsWith("]")) {
            return ipv6(text.substring(1, text.length() - 1));
        }
        return text.indexOf(':') != text.lastIndexOf(':') ? ipv6(text) : name(text);
    }

    private static String ipv6(String text) throws InvalidValue {
        // A zone (%eth0) means something on one machine only, and Java would look the interface up.
        if (text.contains("%") || !text.contains(":")) {
            throw new InvalidValue("is not an IPv6 address");
        }
        try {
            Inet6Address.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidValue("is not an IPv6 address");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static String name(String text) throws InvalidValue {
        if (text.isEmpty()) {
            throw new InvalidValue("names no host");
        }
        String name = text.toLowerCase(Locale.ROOT);
        String[] labels = (name.endsWith(".") ? name.substring(0, name.length() - 1) : name).split("\\.", -1);
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw new InvalidValue("is not a host name");
            }
        }
        if (name.length() > LONGEST_NAME) {
            throw new InvalidValue("is longer than a host name may be");
        }
        if (DIGITS.matcher(labels[labels.length - 1]).matches() && !isIpv4(labels)) {
            throw new InvalidValue("is not an IPv4 address");
        }
        return name;
    }

    private static boolean isIpv4(String[] labels) {
        if (labels.length != 4) {
            return false;
        }
        for (String label : labels) {
            if (!DIGITS.matcher(label).matches() || label.length() > 3 || Integer.parseInt(label) > 255) {
                return false;
            }
        }
        return true;
    }
}
