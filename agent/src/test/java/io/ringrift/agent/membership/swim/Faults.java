package io.ringrift.agent.membership.swim;

import static io.ringrift.agent.membership.swim.Simulation.MILLI;
import static io.ringrift.agent.membership.swim.Simulation.SECOND;

import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.membership.swim.Chaos.Sometimes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Everything that goes wrong in a {@link Chaos}, one fault at a time. What may look like a death afterwards is excused with the {@link Invariants}. */
final class Faults {
    private static final List<String> KINDS = List.of(
            "crash",
            "crash, clock set back",
            "kill",
            "freeze",
            "block",
            "one-way cut",
            "partition",
            "goodbye",
            "leap of the clock",
            "swap of addresses",
            "take-over",
            "UDP blocked",
            "misled seeds",
            "new keys");
    private static final long LONGEST = 20 * SECOND;

    private final Simulation simulation;
    private final SplittableRandom random;
    private final List<SimNode> own;
    private final List<SimNode> foreign;
    private final Set<Sometimes> seen;
    private final long peaceAt;
    private final Set<List<SimNode>> cuts = new HashSet<>();
    private final Set<SimNode> deafToUdp = new HashSet<>();
    private boolean tcpShut;

    Faults(
            Simulation simulation,
            SplittableRandom random,
            List<SimNode> own,
            List<SimNode> foreign,
            Set<Sometimes> seen,
            long peaceAt) {
        this.simulation = simulation;
        this.random = random;
        this.own = own;
        this.foreign = foreign;
        this.seen = seen;
        this.peaceAt = peaceAt;
        simulation.cut = (from, to) -> cuts.contains(List.of(from, to));
        simulation.udpCut = (from, to) -> deafToUdp.contains(to);
    }

    /** No connection gets through from now on, for the whole trouble. */
    void shutTcp() {
        tcpShut = true;
        own.forEach(SimNode::shutTcp);
    }

    void one() {
        SimNode victim = own.get(random.nextInt(own.size()));
        // Whatever it is, it is over when the peace begins.
        long length = Math.min(random.nextLong(LONGEST), peaceAt - simulation.now());
        int kind = random.nextInt(KINDS.size());
        simulation.note(() -> "FAULT " + KINDS.get(kind) + " " + victim + " for " + length / MILLI + " ms");
        switch (kind) {
            case 0 -> crash(victim, length, 0);
            // The clock was set back by an hour while it was away.
            case 1 -> crash(victim, length, -3_600_000);
            case 2 -> kill(victim, length);
            case 3 -> freeze(victim, length);
            case 4 -> block(victim, length);
            case 5 -> cutOneWay(victim, length);
            case 6 -> partition(length);
            case 7 -> goodbye(victim, length);
            case 8 -> leap(victim);
            case 9 -> swapAddresses(victim);
            case 10 -> takeOver(victim, length);
            case 11 -> blockUdp(victim, length);
            case 12 -> misleadSeeds(victim);
            default -> rekey();
        }
    }

    void heal() {
        cuts.clear();
        deafToUdp.clear();
        simulation.loss = 0;
        for (SimNode node : own) {
            node.unblock();
            node.thaw(SimNode.Wake.IO_FIRST);
            node.openTcp();
            if (node.up() && node.core().members().stream().anyMatch(member -> isOwnGoodbye(node, member))) {
                node.crash();
            }
            restart(node, 0);
        }
    }

    private static boolean isOwnGoodbye(SimNode node, Member member) {
        return member.nodeId().equals(node.nodeId()) && member.state() == MemberState.LEFT;
    }

    private void crash(SimNode victim, long length, long clockMillis) {
        excuse(length, victim);
        victim.crash();
        simulation.in(length, () -> restart(victim, clockMillis));
    }

    private void kill(SimNode victim, long length) {
        excuse(length, victim);
        victim.kill();
        simulation.in(MILLI + length / 20, () -> restart(victim, 0));
    }

    private void freeze(SimNode victim, long length) {
        excuse(length, victim);
        victim.freeze();
        SimNode.Wake order = random.nextBoolean() ? SimNode.Wake.IO_FIRST : SimNode.Wake.TIMERS_FIRST;
        simulation.in(length, () -> victim.thaw(order));
    }

    private void block(SimNode victim, long length) {
        excuse(length, victim);
        victim.block();
        simulation.in(length, victim::unblock);
    }

    private void cutOneWay(SimNode victim, long length) {
        SimNode other = own.get(random.nextInt(own.size()));
        excuse(length, victim, other);
        cuts.add(List.of(victim, other));
        simulation.in(length, () -> cuts.remove(List.of(victim, other)));
    }

    private void partition(long length) {
        int half = 1 + random.nextInt(own.size());
        List<List<SimNode>> added = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            for (int j = 0; j < own.size(); j++) {
                if (i < half != j < half) {
                    added.add(List.of(own.get(i), own.get(j)));
                }
            }
        }
        excuse(length, own.toArray(SimNode[]::new));
        cuts.addAll(added);
        simulation.in(length, () -> added.forEach(cuts::remove));
    }

    private void goodbye(SimNode node, long length) {
        if (node.up() && !node.frozen()) {
            excuse(length, node);
            node.leave();
            simulation.in(length / 4, node::crash);
            simulation.in(length, () -> restart(node, 0));
        }
    }

    /** To everybody else that is nothing at all, and to itself a pause. */
    private void leap(SimNode node) {
        node.leap(random.nextLong(30 * SECOND));
    }

    private void swapAddresses(SimNode one) {
        SimNode two = own.get(random.nextInt(own.size()));
        if (one.up() && two.up() && !one.frozen() && !two.frozen() && one != two) {
            // Who misses the news can learn of it over TCP alone.
            excuse(tcpShut ? peaceAt : 0, one, two);
            Endpoint first = one.address();
            one.move(two.address());
            two.move(first);
            // The name server has the new addresses; two members alone would never find each other without it.
            List.of(one, two).forEach(node -> node.join(own));
        }
    }

    /** A node dies and another cluster's node gets its address. */
    private void takeOver(SimNode victim, long length) {
        SimNode thief = foreign.get(random.nextInt(foreign.size()));
        Endpoint stolen = victim.address();
        Endpoint home = thief.address();
        if (!victim.up() || own.stream().anyMatch(node -> node.address().equals(home))) {
            return;
        }
        excuse(length, victim, thief);
        victim.crash();
        thief.move(stolen);
        seen.add(Sometimes.FOREIGN_TAKEOVER);
        simulation.in(length, () -> {
            thief.move(home);
            restart(victim, 0);
        });
    }

    /** A filter lets nothing but TCP in to it: it must live on. */
    private void blockUdp(SimNode victim, long length) {
        if (tcpShut) {
            excuse(length, victim);
        }
        seen.add(Sometimes.UDP_BLOCKED);
        deafToUdp.add(victim);
        simulation.in(length, () -> deafToUdp.remove(victim));
    }

    /** The name server gives it another cluster's addresses. */
    private void misleadSeeds(SimNode victim) {
        if (victim.up() && !victim.frozen()) {
            victim.join(foreign);
        }
    }

    private void rekey() {
        if (simulation.keyring.isPresent()) {
            simulation.keyring = Optional.of(Chaos.keys("ab"));
            own.forEach(node -> node.rekey(Chaos.keys("ab")));
            seen.add(Sometimes.REKEYED);
        }
    }

    private void restart(SimNode node, long clockMillis) {
        if (!node.up()) {
            simulation.address(node.address(), node);
            node.boot(1_700_000_000_000L + simulation.now() / MILLI + clockMillis);
            node.join(own);
        }
    }

    /** A verdict may come as late as the slowest of watchers makes it. */
    private void excuse(long length, SimNode... nodes) {
        long late = 3 * simulation.settings.failureTimeout().toNanos() + 5 * SECOND;
        for (SimNode node : nodes) {
            simulation.invariants.excuse(node, simulation.now() + length + late);
        }
    }
}
