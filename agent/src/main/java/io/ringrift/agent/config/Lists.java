package io.ringrift.agent.config;

import io.ringrift.agent.config.AgentConfig.Peer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The comma lists: peers and voters. Every bad entry is named, not only the first. */
final class Lists {
    /** The largest cluster that the product is made for has 1,000 nodes. */
    static final int MOST_ENTRIES = 1_024;

    private static final int MOST_REPORTED = 10;

    static final ValueType<List<Peer>> PEERS = new ValueType<>(
            "a comma list of at most " + MOST_ENTRIES + " node=host[:port] or DNS names, each once; IPv6 in brackets",
            Lists::peers);
    static final ValueType<List<String>> NODE_IDS =
            new ValueType<>("a comma list of node ids, each once", Lists::nodeIds);

    private Lists() {}

    private static List<Peer> peers(String text) throws InvalidValue {
        return parse(text, Lists::peer, peer -> switch (peer) {
            case Peer.Named named -> "node " + named.nodeId();
            case Peer.Discovered found ->
                found.host() + (found.port().isPresent() ? ":" + found.port().getAsInt() : "");
        });
    }

    private static Peer peer(String entry) throws InvalidValue {
        int equals = entry.indexOf('=');
        if (equals < 0) {
            HostText.HostPort address = HostText.hostAndPort(entry);
            return new Peer.Discovered(address.host(), address.port());
        }
        String nodeId = Values.nodeId(entry.substring(0, equals).strip());
        HostText.HostPort address =
                HostText.hostAndPort(entry.substring(equals + 1).strip());
        return new Peer.Named(nodeId, address.host(), address.port());
    }

    private static List<String> nodeIds(String text) throws InvalidValue {
        return parse(text, Values::nodeId, id -> id);
    }

    private static <T> List<T> parse(String text, ValueType.Parser<T> entryParser, Function<T, String> identity)
            throws InvalidValue {
        List<T> values = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String entry : entries(text)) {
            try {
                T value = entryParser.parse(entry);
                values.add(value);
                if (!seen.add(identity.apply(value))) {
                    wrong.add("%s stands in it twice".formatted(identity.apply(value)));
                }
            } catch (InvalidValue e) {
                wrong.add("entry \"%s\" %s".formatted(Printable.of(entry), e.getMessage()));
            }
        }
        if (!wrong.isEmpty()) {
            throw new InvalidValue(String.join(", ", wrong.subList(0, Math.min(MOST_REPORTED, wrong.size())))
                    + (wrong.size() > MOST_REPORTED ? " and %d more".formatted(wrong.size() - MOST_REPORTED) : ""));
        }
        return List.copyOf(values);
    }

    /** Empty entries, as a trailing comma makes them, mean nothing and are harmless. */
    private static List<String> entries(String text) throws InvalidValue {
        List<String> entries = new ArrayList<>();
        for (String entry : text.split(",")) {
            if (!entry.isBlank()) {
                entries.add(entry.strip());
            }
        }
        if (entries.isEmpty()) {
            throw new InvalidValue("lists nothing");
        }
        if (entries.size() > MOST_ENTRIES) {
            throw new InvalidValue("has %d entries".formatted(entries.size()));
        }
        return entries;
    }
}
