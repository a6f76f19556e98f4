package io.ringrift.agent.sim;

import io.ringrift.agent.config.AgentConfig.RaftProfile;
import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.RaftRole;
import io.ringrift.agent.consensus.raft.RaftTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** What the peers of {@link SimRaft} do with each other: rounds of votes and of replication, each in one moment. */
final class RaftRounds {
    private static final RaftTimes TIMES = RaftTimes.of(RaftProfile.DEFAULT);
    private static final Duration STEP_DOWN = TIMES.max().multipliedBy(2);
    private static final long MILLI = 1_000_000;
    private static final long LEASE = TIMES.lease().toNanos();
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final Simulation simulation;
    private final SplittableRandom random;
    private final List<SimPeer> hosts;
    private final Consumer<SimPeer> news;

    /** @param news told of every peer whose report has changed */
    RaftRounds(Simulation simulation, SplittableRandom random, List<SimPeer> hosts, Consumer<SimPeer> news) {
        this.simulation = simulation;
        this.random = random;
        this.hosts = hosts;
        this.news = news;
    }

    /** Whether a leader's lease among the voters runs at this moment. */
    boolean hasLease(SimPeer leader) {
        return leader.leads()
                && leader.ready
                && simulation.nanos() - majorityContact(leader) < LEASE / leader.node.clockSpeed;
    }

    /** Notes who hears whom up to this moment; call it before anything changes. */
    void touch() {
        for (SimPeer leader : hosts) {
            if (leader.role == RaftRole.LEADER && leader.runs && !leader.node.isFrozen()) {
                for (PeerId peer : leader.group().orElseThrow().everybody()) {
                    reach(leader, peer).filter(f -> f.term == leader.term).ifPresent(follower -> {
                        leader.contact.put(peer, simulation.nanos());
                        follower.heardLeader = simulation.nanos();
                    });
                }
            }
        }
    }

    // ---- the protocol

    void step(SimPeer host, long run) {
        if (host.run != run) {
            return;
        }
        if (host.leads()) {
            replicate(host);
        } else if (host.isVoter() && !host.abstains && simulation.nanos() - host.heardLeader > timeout()) {
            elect(host, false);
        }
        Duration pause = host.leads() ? millis(5, 60) : millis(40, 160);
        simulation.input(host.node, pause, () -> step(host, run));
    }

    private long timeout() {
        return TIMES.min().toNanos()
                + random.nextLong(TIMES.max().minus(TIMES.min()).toNanos());
    }

    private void replicate(SimPeer leader) {
        RaftLog.Group group = leader.group().orElseThrow();
        Set<PeerId> holders = new HashSet<>(Set.of(leader.self.orElseThrow()));
        for (PeerId peer : group.everybody()) {
            Optional<SimPeer> reached = reach(leader, peer);
            if (reached.isEmpty()) {
                continue;
            }
            SimPeer follower = reached.get();
            if (follower.term > leader.term) {
                follow(leader, follower.term, Optional.empty());
                return;
            }
            follow(follower, leader.term, Optional.of(leader.node.id));
            follower.heardLeader = simulation.nanos();
            leader.contact.put(peer, simulation.nanos());
            if (follower.log != leader.log) {
                follower.log = leader.log;
                news.accept(follower);
            }
            if (follower.commit < leader.commit) {
                follower.commit = leader.commit;
                news.accept(follower);
            }
            leader.match.put(peer, leader.log.size());
            holders.add(peer);
        }
        if (group.isQuorum(holders)) {
            commit(leader, group);
        } else if (simulation.nanos() - Math.max(leader.leaderSince, majorityContact(leader)) > STEP_DOWN.toNanos()) {
            follow(leader, leader.term, Optional.empty());
        }
    }

    private void commit(SimPeer leader, RaftLog.Group group) {
        if (leader.commit < leader.log.size()) {
            leader.commit = leader.log.size();
            leader.ready = true;
            if (!group.outgoing().isEmpty()) {
                leader.log =
                        leader.log.with(new RaftLog.Change(leader.term, new RaftLog.Group(group.voters(), List.of())));
            }
            news.accept(leader);
        }
        if (!leader.isVoter()) {
            follow(leader, leader.term, Optional.empty());
        }
    }

    /** @param forced without asking whether the others still hear a leader */
    void elect(SimPeer candidate, boolean forced) {
        RaftLog.Group group = candidate.group().orElseThrow();
        Set<PeerId> votes = new HashSet<>(Set.of(candidate.self.orElseThrow()));
        List<SimPeer> voters = new ArrayList<>();
        // Whoever refuses says in which term it is.
        long term = 1
                + group.everybody().stream()
                        .flatMap(peer -> reach(candidate, peer).stream())
                        .mapToLong(voter -> voter.term)
                        .reduce(candidate.term, Math::max);
        for (PeerId peer : group.everybody()) {
            reach(candidate, peer)
                    .filter(voter -> voter.term < term && candidate.log.isAsNewAs(voter.log))
                    .filter(voter -> forced
                            || simulation.nanos() - voter.heardLeader
                                    > TIMES.min().toNanos())
                    .ifPresent(voter -> {
                        votes.add(peer);
                        voters.add(voter);
                    });
        }
        boolean wins = group.isQuorum(votes);
        if (!wins && !forced) {
            return;
        }
        follow(candidate, term, Optional.empty());
        voters.forEach(voter -> follow(voter, term, Optional.empty()));
        candidate.role = RaftRole.CANDIDATE;
        candidate.heardLeader = simulation.nanos();
        if (wins) {
            long run = candidate.run;
            simulation.input(candidate.node, millis(1, 20), () -> {
                if (candidate.run == run && candidate.term == term && candidate.role == RaftRole.CANDIDATE) {
                    begin(candidate);
                }
            });
        }
    }

    private void begin(SimPeer leader) {
        leader.role = RaftRole.LEADER;
        leader.ready = false;
        leader.leader = Optional.of(leader.node.id);
        leader.leaderSince = simulation.nanos();
        leader.contact.clear();
        leader.match.clear();
        leader.log = leader.log.with(new RaftLog.Noop(leader.term));
        news.accept(leader);
    }

    private void follow(SimPeer host, long term, Optional<String> leader) {
        boolean changed = host.term != term || !host.leader.equals(leader) || host.role == RaftRole.LEADER;
        host.term = term;
        host.leader = leader;
        host.role = RaftRole.FOLLOWER;
        host.ready = false;
        if (changed) {
            news.accept(host);
        }
    }

    // ---- who is there

    /** When a majority last answered; long ago where it never did. */
    private long majorityContact(SimPeer leader) {
        RaftLog.Group group = leader.group().orElseThrow();
        long majority = majorityContact(leader, group.voters());
        return group.outgoing().isEmpty() ? majority : Math.min(majority, majorityContact(leader, group.outgoing()));
    }

    private long majorityContact(SimPeer leader, List<PeerId> of) {
        long[] times =
                of.stream().mapToLong(peer -> contact(leader, peer)).sorted().toArray();
        return times[(times.length - 1) / 2];
    }

    private long contact(SimPeer leader, PeerId peer) {
        return leader.self.filter(peer::equals).isPresent()
                ? simulation.nanos()
                : leader.contact.getOrDefault(peer, NEVER);
    }

    /** The peer, if it runs and hears {@code from}; not {@code from} itself. */
    private Optional<SimPeer> reach(SimPeer from, PeerId peer) {
        for (SimPeer host : hosts) {
            if (host != from
                    && host.runs
                    && host.incarnation == from.incarnation
                    && !host.node.isFrozen()
                    && simulation.connected(from.node, host.node)
                    && host.self.filter(peer::equals).isPresent()) {
                return Optional.of(host);
            }
        }
        return Optional.empty();
    }

    private Duration millis(int least, int most) {
        return Duration.ofNanos(least * MILLI + random.nextLong((most - least) * MILLI));
    }
}
