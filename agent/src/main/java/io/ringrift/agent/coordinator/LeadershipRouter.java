package io.ringrift.agent.coordinator;

import static io.ringrift.agent.time.Durations.min;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.config.AgentConfig.Peer;
import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.consensus.bully.Bully;
import io.ringrift.agent.consensus.bully.BullyEffect;
import io.ringrift.agent.consensus.bully.Conduct;
import io.ringrift.agent.consensus.bully.Electorate;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.membership.MembershipTable;
import io.ringrift.agent.membership.http.HttpMembership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Decides who is asked for the leader, and tells the election who has a say. */
final class LeadershipRouter {
    /** How long Raft may have no leader before Bully elects one in its place. */
    static final Duration FALLBACK_DELAY = Duration.ofSeconds(10);

    private final String self;
    private final Bully bully;
    private final RaftSide raft;
    private final Fallback fallback = new Fallback();
    /** Members that were heard where the configuration does not name them all; they count until they say goodbye. */
    private final Set<String> everHeard = new HashSet<>();

    private List<Peer> peers = List.of();
    private Basis basis;
    private Electorate electorate;
    private Leadership last = Leadership.none(0);
    /** When Raft's leader was last seen to lead, or was first wanted. */
    private Optional<Duration> raftSeen = Optional.empty();

    private boolean awaitsRaft;

    /** What the electorate follows from. */
    private record Basis(List<Peer> peers, List<Member> members, int unknown, boolean complete) {
        /** Cheap, because it is asked after every message: the table makes another list for every change. */
        boolean isSame(Basis other) {
            return other != null
                    && peers == other.peers
                    && members == other.members
                    && unknown == other.unknown
                    && complete == other.complete;
        }
    }

    LeadershipRouter(String self, Bully bully, RaftSide raft) {
        this.self = self;
        this.bully = bully;
        this.raft = raft;
    }

    Bully bully() {
        return bully;
    }

    FallbackState fallback() {
        return fallback.state();
    }

    void configure(AgentConfig config) {
        peers = config.peers();
        bully.configure(
                config.bully().priority(),
                config.bully().quorum(),
                config.generation().orElse(0));
        raft.configure(config);
    }

    /** Takes the mode; returns whether the fallback became active or ended. */
    boolean observe(ConsensusMode mode, Duration now) {
        awaitsRaft = mode == ConsensusMode.HYBRID;
        if (mode == ConsensusMode.BULLY) {
            raftSeen = Optional.empty();
            return fallback.byMode("Bully decides leadership (consensus mode bully)", now);
        }
        Optional<Leadership.Source> source = current(now).source();
        if (mode == ConsensusMode.RAFT || source.equals(Optional.of(Leadership.Source.RAFT))) {
            raftSeen = Optional.of(now);
            return fallback.end();
        }
        raftSeen = raftSeen.or(() -> Optional.of(now));
        boolean bullyLeads = source.isPresent();
        boolean overdue = now.minus(raftSeen.get()).compareTo(FALLBACK_DELAY) >= 0;
        return (bullyLeads || overdue || fallback.isActive())
                && fallback.observe(Optional.of("Raft has no leader that may act; Bully decides leadership"), now);
    }

    private Conduct conduct(ConsensusMode mode) {
        return switch (mode) {
            case BULLY -> Conduct.BULLY;
            case HYBRID -> fallback.isActive() ? Conduct.FALLBACK : Conduct.STANDBY;
            case RAFT -> Conduct.RAFT;
        };
    }

    /** When {@link #observe} and {@link #settle} are wanted next. */
    Duration nextDeadline() {
        Duration next = min(bully.nextDeadline(), raft.nextDeadline());
        boolean waits = awaitsRaft && !fallback.isActive();
        return waits ? min(next, raftSeen.orElse(next).plus(FALLBACK_DELAY)) : next;
    }

    /** Tells the election what membership holds, and does what is due. */
    List<BullyEffect> settle(
            ConsensusMode mode, boolean participating, MembershipTable table, HttpMembership http, Duration now) {
        Basis current = new Basis(peers, table.members(), http.unknownPeers(), http.discoveryComplete());
        if (!current.isSame(basis)) {
            basis = current;
            tell(electorate(current), now);
        }
        List<BullyEffect> out = new ArrayList<>(bully.participate(participating, now));
        out.addAll(bully.conduct(conduct(mode), now));
        // First: a leader by Raft whose peer was not heard for a while sends no heartbeat more.
        out.addAll(raft.settle(participating, now));
        if (bully.nextDeadline().compareTo(now) <= 0) {
            out.addAll(bully.tick(now));
        }
        return out;
    }

    Leadership current(Duration now) {
        return bully.leadership(now);
    }

    /** To whom this node would hand leadership over; empty where it does not lead, or nobody could take over. */
    Optional<String> successor() {
        return raft.leads() ? raft.successor() : bully.successor();
    }

    /** The end of this node's own lease; one by Raft's word ends with that word. */
    Optional<Duration> leaseEnd(Duration now) {
        return bully.leaseEnd(now)
                .map(end -> bully.raftLeads() > 0 ? min(end, raft.freshUntil()) : end)
                .filter(end -> now.compareTo(end) < 0);
    }

    /** Why nobody leads, in a sentence; empty while somebody does. */
    Optional<String> leaderless(ConsensusMode mode, Duration now) {
        if (current(now).leader().isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                mode == ConsensusMode.RAFT
                        ? raft.view(Leadership.none(0)).message().orElse("Raft's leader was elected a moment ago.")
                        : bully.leaderless(now));
    }

    /** The leadership if it is another than was told last. */
    Optional<Leadership> news(Duration now) {
        Leadership current = current(now);
        if (current.equals(last)) {
            return Optional.empty();
        }
        last = current;
        return Optional.of(current);
    }

    private void tell(Electorate changed, Duration now) {
        if (!changed.equals(electorate)) {
            electorate = changed;
            bully.electorate(changed, now);
        }
    }

    private Electorate electorate(Basis from) {
        Set<String> living = nodesIn(from, Set.of(MemberState.ALIVE, MemberState.SUSPECTED));
        Set<String> left = nodesIn(from, Set.of(MemberState.LEFT));
        Set<String> members = new TreeSet<>(Set.of(self));
        boolean discovers = false;
        for (Peer peer : peers) {
            switch (peer) {
                case Peer.Named named -> members.add(named.nodeId());
                case Peer.Discovered discovered -> discovers = true;
            }
        }
        everHeard.removeAll(left);
        if (discovers) {
            living.stream()
                    .limit(Math.max(0, MembershipTable.MAX_MEMBERS - everHeard.size()))
                    .forEach(everHeard::add);
            members.addAll(everHeard);
        }
        return new Electorate(members, from.unknown, from.complete, living, left);
    }

    private static Set<String> nodesIn(Basis from, Set<MemberState> states) {
        return from.members.stream()
                .filter(member -> states.contains(member.state()))
                .map(Member::nodeId)
                .collect(Collectors.toUnmodifiableSet());
    }
}
