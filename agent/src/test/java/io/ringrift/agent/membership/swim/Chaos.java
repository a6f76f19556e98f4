package io.ringrift.agent.membership.swim;

import static io.ringrift.agent.membership.swim.Simulation.MILLI;
import static io.ringrift.agent.membership.swim.Simulation.SECOND;

import io.ringrift.agent.security.GossipKeyring;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One random cluster that has a bad minute and then peace: everything follows from the seed, from the number of members and the
 * profile to every fault. While it lasts the {@link Invariants} hold after every event; in peace the views become equal.
 */
final class Chaos {
    private static final long TROUBLE = 60 * SECOND;

    /** The rarer things that happened, so that a run can show that they do happen. */
    enum Sometimes {
        REFUTED,
        RESTARTED,
        ISOLATED,
        PARTITION_SUSPECTED,
        SUPERSEDED,
        NOT_ME,
        SYNCED,
        REPLAY_REFUSED,
        REKEYED,
        SEALED,
        FOREIGN_TAKEOVER
    }

    private final Simulation simulation;
    private final SplittableRandom random;
    private final Set<Sometimes> seen = new HashSet<>();
    private final List<SimNode> foreign = new ArrayList<>();
    private final Set<List<SimNode>> cuts = new HashSet<>();

    Chaos(long seed) {
        simulation = new Simulation(seed);
        random = simulation.random.split();
    }

    /** Runs it; fails with the seed. Returns what was seen. */
    Set<Sometimes> run() {
        int size = random.nextInt(10) == 0 ? 60 + random.nextInt(80) : 2 + random.nextInt(20);
        configure();
        simulation.established(size);
        addForeigners();
        int faults = 3 + random.nextInt(12);
        for (int i = 0; i < faults; i++) {
            simulation.at(2 * SECOND + random.nextLong(TROUBLE - 2 * SECOND), this::fault);
        }
        simulation.runUntil(TROUBLE + 2 * SECOND);
        heal();
        simulation.until("all hold the same, complete view", 90 * SECOND, () -> complete() && agreed());
        simulation.runFor(10 * SECOND);
        verifyQuiet();
        return observed();
    }

    long traceHash() {
        return simulation.traceHash();
    }

    private void configure() {
        simulation.settings = switch (random.nextInt(3)) {
            case 0 -> Profiles.FAST;
            case 1 -> Profiles.LOW_BANDWIDTH;
            default -> Profiles.DEFAULT;
        };
        if (random.nextBoolean()) {
            simulation.keyring = Optional.of(keys("a"));
            simulation.replay = 0.02;
            seen.add(Sometimes.SEALED);
        }
        simulation.loss = random.nextInt(3) == 0 ? random.nextDouble() * 0.2 : 0;
        simulation.duplication = random.nextInt(3) == 0 ? 0.05 : 0;
        simulation.maxLatency = (1 + random.nextInt(30)) * MILLI;
        simulation.cut = (from, to) -> cuts.contains(List.of(from, to));
    }

    private void addForeigners() {
        for (int i = 0; i < 3; i++) {
            SimNode node = simulation.add("other/cluster", "node-" + i);
            foreign.add(node);
            node.boot();
        }
        foreign.forEach(node -> node.join(foreign));
    }

    private void fault() {
        SimNode victim = own().get(random.nextInt(own().size()));
        // Whatever it is, it is over when the peace begins.
        long length = Math.min(random.nextLong(20 * SECOND), TROUBLE - simulation.now());
        switch (random.nextInt(12)) {
            case 0 -> {
                victim.crash();
                simulation.in(length, () -> restart(victim, 0));
            }
            case 1 -> {
                victim.kill();
                simulation.in(MILLI + length / 20, () -> restart(victim, 0));
            }
            case 2 -> {
                victim.freeze();
                SimNode.Wake order = random.nextBoolean() ? SimNode.Wake.IO_FIRST : SimNode.Wake.TIMERS_FIRST;
                simulation.in(length, () -> victim.thaw(order));
            }
            case 3 -> {
                victim.block();
                simulation.in(length, victim::unblock);
            }
            case 4 -> cutOneWay(victim, length);
            case 5 -> partition(length);
            case 6 -> goodbye(victim, length);
            case 7 -> victim.leap(random.nextLong(30 * SECOND));
            case 8 -> swapAddresses(victim);
            case 9 -> {
                victim.crash();
                // The clock was set back by an hour while it was away.
                simulation.in(length, () -> restart(victim, -3_600_000));
            }
            case 10 -> takeOver(victim, length);
            default -> rekey();
        }
    }

    private void restart(SimNode node, long clockMillis) {
        if (!node.up()) {
            simulation.address(node.address(), node);
            node.boot(1_700_000_000_000L + simulation.now() / MILLI + clockMillis);
            node.join(own());
        }
    }

    private void goodbye(SimNode node, long length) {
        if (node.up() && !node.frozen()) {
            node.leave();
            simulation.in(length / 4, node::crash);
            simulation.in(length, () -> restart(node, 0));
        }
    }

    private void cutOneWay(SimNode victim, long length) {
        SimNode other = own().get(random.nextInt(own().size()));
        cuts.add(List.of(victim, other));
        simulation.in(length, () -> cuts.remove(List.of(victim, other)));
    }

    private void partition(long length) {
        int half = 1 + random.nextInt(own().size());
        List<List<SimNode>> added = new ArrayList<>();
        for (int i = 0; i < own().size(); i++) {
            for (int j = 0; j < own().size(); j++) {
                if (i < half != j < half) {
                    added.add(List.of(own().get(i), own().get(j)));
                }
            }
        }
        cuts.addAll(added);
        simulation.in(length, () -> added.forEach(cuts::remove));
    }

    private void swapAddresses(SimNode one) {
        SimNode two = own().get(random.nextInt(own().size()));
        if (one.up() && two.up() && !one.frozen() && !two.frozen() && one != two) {
            Endpoint first = one.address();
            Endpoint second = two.address();
            one.move(second);
            two.move(first);
        }
    }

    /** A node dies and another cluster's node gets its address. */
    private void takeOver(SimNode victim, long length) {
        SimNode thief = foreign.get(random.nextInt(foreign.size()));
        Endpoint stolen = victim.address();
        Endpoint home = thief.address();
        if (!victim.up() || own().stream().anyMatch(node -> node.address().equals(home))) {
            return;
        }
        victim.crash();
        thief.move(stolen);
        seen.add(Sometimes.FOREIGN_TAKEOVER);
        simulation.in(length, () -> {
            thief.move(home);
            restart(victim, 0);
        });
    }

    private void rekey() {
        if (simulation.keyring.isPresent()) {
            simulation.keyring = Optional.of(keys("ab"));
            own().forEach(node -> node.rekey(keys("ab")));
            seen.add(Sometimes.REKEYED);
        }
    }

    private void heal() {
        cuts.clear();
        simulation.loss = 0;
        for (SimNode node : own()) {
            node.unblock();
            node.thaw(SimNode.Wake.IO_FIRST);
            if (node.up() && node.core().self().incarnation() > 0 && hasLeft(node)) {
                node.crash();
            }
            restart(node, 0);
        }
    }

    private boolean hasLeft(SimNode node) {
        return node.core().members().stream()
                .anyMatch(member -> member.nodeId().equals(node.nodeId())
                        && member.state() == io.ringrift.agent.membership.MemberState.LEFT);
    }

    private List<SimNode> own() {
        return simulation.nodes.subList(0, simulation.nodes.size() - foreign.size());
    }

    private boolean complete() {
        return own().stream().allMatch(node -> node.core().status().alive() == own().size());
    }

    private boolean agreed() {
        return own().stream()
                        .map(node -> node.core().status().viewHash())
                        .distinct()
                        .count()
                == 1;
    }

    /** I8: in peace nothing is left that grows. */
    private void verifyQuiet() {
        for (SimNode node : own()) {
            SwimStatus status = node.core().status();
            if (status.queuedUpdates() > 0 || status.timers() > 200 || status.suspected() > 0 || status.isolated()) {
                throw new AssertionError("seed " + simulation.seed() + ": I8: not quiet: " + node + ": " + status);
            }
        }
    }

    private Set<Sometimes> observed() {
        for (SimNode node : own()) {
            node.notices.forEach(notice -> {
                switch (notice) {
                    case SwimEffect.Isolated _ -> seen.add(Sometimes.ISOLATED);
                    case SwimEffect.PartitionSuspected _ -> seen.add(Sometimes.PARTITION_SUSPECTED);
                    case SwimEffect.Superseded _ -> seen.add(Sometimes.SUPERSEDED);
                    default -> {}
                }
            });
            if (node.core().status().drops().containsKey(Drop.OTHER_INSTANCE)) {
                seen.add(Sometimes.NOT_ME);
            }
            if (node.syncBytes() > 0) {
                seen.add(Sometimes.SYNCED);
            }
            if (node.refused().containsKey(io.ringrift.agent.security.Envelope.Reason.REPLAYED)) {
                seen.add(Sometimes.REPLAY_REFUSED);
            }
        }
        for (Simulation.Change change : simulation.changes) {
            switch (change.event().change()) {
                case REFUTED -> seen.add(Sometimes.REFUTED);
                case RESTARTED -> seen.add(Sometimes.RESTARTED);
                default -> {}
            }
        }
        return seen;
    }

    static GossipKeyring keys(String letters) {
        StringBuilder file = new StringBuilder();
        for (char letter : letters.toCharArray()) {
            byte[] key = new byte[32];
            java.util.Arrays.fill(key, (byte) letter);
            file.append(Base64.getEncoder().encodeToString(key)).append('\n');
        }
        return GossipKeyring.parse(file.toString());
    }
}
