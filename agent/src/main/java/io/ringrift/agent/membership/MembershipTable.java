package io.ringrift.agent.membership;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The one table of members that everybody reads: REST, elections, the coordinator. Whichever failure detector decides feeds it.
 *
 * <p>Two nodes' views are equal when their {@link #viewHash()} is: it covers node id and state, not addresses, incarnations or
 * times, which differ between nodes that agree. FAILED and LEFT count as one state there, because whoever missed a goodbye
 * finds the same member FAILED; and a gone member that no configuration names does not count at all, because each node forgets
 * it in its own time.
 *
 * <p>Not thread-safe: it belongs to the core's one thread.
 */
public final class MembershipTable {
    /** The most members a cluster has; what comes beyond is not taken. */
    public static final int MAX_MEMBERS = 4_096;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final NavigableMap<String, Entry> entries = new TreeMap<>();
    private List<Member> members = List.of();
    private String viewHash = hash();

    private record Entry(Member member, boolean configured) {}

    /** A member that is new or changed its state. */
    public record Change(Member member, Optional<MemberState> previous, List<String> accusers) {}

    /**
     * Takes the whole view as it is now; who is not in it is forgotten.
     *
     * @return what is new and what changed its state, by node id
     */
    public List<Change> replace(Collection<Verdict> verdicts, Duration now) {
        NavigableMap<String, Entry> next = new TreeMap<>();
        for (Verdict verdict : verdicts) {
            next.put(verdict.nodeId(), entry(verdict, entries.get(verdict.nodeId()), now));
        }
        List<Change> changes = new ArrayList<>();
        for (Verdict verdict : verdicts) {
            Optional<MemberState> previous =
                    Optional.ofNullable(entries.get(verdict.nodeId())).map(e -> e.member.state());
            if (!previous.equals(Optional.of(verdict.state()))) {
                changes.add(new Change(next.get(verdict.nodeId()).member, previous, verdict.accusers()));
            }
        }
        changes.sort((a, b) -> a.member.nodeId().compareTo(b.member.nodeId()));
        entries.clear();
        entries.putAll(next);
        members = entries.values().stream().map(Entry::member).toList();
        viewHash = hash();
        return changes;
    }

    /** Every member, by node id. Immutable. */
    public List<Member> members() {
        return members;
    }

    /** What is held of one member. */
    public Optional<Member> member(String nodeId) {
        return Optional.ofNullable(entries.get(nodeId)).map(Entry::member);
    }

    /** 16 hexadecimal digits, equal on two nodes whose views are equal. */
    public String viewHash() {
        return viewHash;
    }

    private static Entry entry(Verdict verdict, Entry before, Duration now) {
        boolean sameState = before != null && before.member.state() == verdict.state();
        Member member = new Member(
                verdict.nodeId(),
                verdict.state(),
                verdict.address().map(Address::toString),
                verdict.incarnation(),
                verdict.source(),
                sameState ? before.member.since() : now,
                verdict.udpUnreachable(),
                verdict.modes());
        return new Entry(member, verdict.configured());
    }

    private String hash() {
        long hash = FNV_OFFSET;
        for (Entry entry : entries.values()) {
            boolean gone = isGone(entry.member.state());
            if (!gone || entry.configured) {
                hash = add(hash, entry.member.nodeId() + '\0' + (gone ? "GONE" : entry.member.state()) + '\0');
            }
        }
        return HexFormat.of().toHexDigits(hash);
    }

    private static boolean isGone(MemberState state) {
        return switch (state) {
            case ALIVE, SUSPECTED -> false;
            case FAILED, LEFT -> true;
        };
    }

    private static long add(long hash, String text) {
        long sum = hash;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            sum = (sum ^ (b & 0xff)) * FNV_PRIME;
        }
        return sum;
    }
}
