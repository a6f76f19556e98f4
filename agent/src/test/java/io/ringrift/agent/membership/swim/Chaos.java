package io.ringrift.agent.membership.swim;

import static io.ringrift.agent.membership.swim.Simulation.MILLI;
import static io.ringrift.agent.membership.swim.Simulation.SECOND;

import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.security.Envelope;
import io.ringrift.agent.security.GossipKeyring;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One random cluster that has a bad minute and then peace: everything follows from the seed, from the number of members and their
 * settings to every fault. While it lasts the {@link Invariants} hold after every event; in peace the views become equal (I6), nothing is
 * left that grows (I8), and one more death is known to all in time (I4).
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
        UNUSUAL_SETTINGS,
        TCP_SHUT,
        UDP_BLOCKED,
        FOREIGN_TAKEOVER
    }

    private final Simulation simulation;
    private final SplittableRandom random;
    private final Set<Sometimes> seen = EnumSet.noneOf(Sometimes.class);
    private final List<SimNode> own;
    private final List<SimNode> foreign = new ArrayList<>();
    private final Faults faults;

    Chaos(long seed) {
        this(new Simulation(seed));
    }

    Chaos(Simulation simulation) {
        this.simulation = simulation;
        simulation.command = "bench/run simulate --scenario chaos --seed " + simulation.seed();
        random = simulation.random.split();
        int size = random.nextInt(10) == 0 ? 60 + random.nextInt(80) : 2 + random.nextInt(20);
        configure();
        own = simulation.established(size);
        addForeigners();
        faults = new Faults(simulation, random, own, foreign, seen, TROUBLE);
        if (simulation.loss == 0 && random.nextInt(5) == 0) {
            faults.shutTcp();
            seen.add(Sometimes.TCP_SHUT);
        }
    }

    /** Runs it; fails with the seed. Returns what was seen. */
    Set<Sometimes> run() {
        simulation.invariants.watchTheInnocent();
        for (int i = 3 + random.nextInt(12); i > 0; i--) {
            simulation.at(2 * SECOND + random.nextLong(TROUBLE - 2 * SECOND), faults::one);
        }
        while (simulation.now() < TROUBLE + 2 * SECOND) {
            simulation.runFor(SECOND);
            own.forEach(simulation.invariants::bounded);
        }
        faults.heal();
        simulation.until("I6: all hold the same, complete view", 90 * SECOND, () -> complete() && agreed());
        simulation.until("all trust their ears again", 90 * SECOND, this::healthy);
        simulation.runFor(10 * SECOND);
        verifyQuiet();
        verifyDetection();
        return observed();
    }

    long traceHash() {
        return simulation.traceHash();
    }

    @Override
    public String toString() {
        return own.size() + " members, " + simulation.settings + ", seen " + seen;
    }

    private void configure() {
        simulation.settings = switch (random.nextInt(4)) {
            case 0 -> Profiles.FAST;
            case 1 -> Profiles.LOW_BANDWIDTH;
            case 2 -> Profiles.DEFAULT;
            default -> unusual();
        };
        if (random.nextBoolean()) {
            simulation.keyring = Optional.of(keys("a"));
            simulation.replay = 0.02;
            seen.add(Sometimes.SEALED);
        }
        simulation.loss = random.nextInt(3) == 0 ? random.nextDouble() * 0.2 : 0;
        simulation.duplication = random.nextInt(3) == 0 ? 0.05 : 0;
        simulation.maxLatency = (1 + random.nextInt(30)) * MILLI;
    }

    /** Times set by hand, in no proportion to each other. */
    private SwimSettings unusual() {
        seen.add(Sometimes.UNUSUAL_SETTINGS);
        long failure = 3_000 + random.nextLong(12_000);
        return new SwimSettings(
                Duration.ofMillis(failure),
                Duration.ofMillis(200 + random.nextLong(failure - 200)),
                Duration.ofMillis(400 + random.nextLong(2_000)),
                1 + random.nextInt(6),
                6 + random.nextInt(20));
    }

    private void addForeigners() {
        for (int i = 0; i < 3; i++) {
            SimNode node = simulation.add("other/cluster", "node-" + i);
            foreign.add(node);
            node.boot();
        }
        foreign.forEach(node -> node.join(foreign));
    }

    private boolean complete() {
        return own.stream().allMatch(node -> node.core().status().alive() == own.size());
    }

    private boolean agreed() {
        return own.stream()
                        .map(node -> node.core().status().viewHash())
                        .distinct()
                        .count()
                == 1;
    }

    private boolean healthy() {
        return own.stream().allMatch(node -> node.core().status().localHealth() == 0);
    }

    /** I8: in peace nothing is left that grows. */
    private void verifyQuiet() {
        for (SimNode node : own) {
            SwimStatus status = node.core().status();
            if (status.queuedUpdates() > 0 || status.timers() > 200 || status.suspected() > 0 || status.isolated()) {
                throw simulation.failure("I8: not quiet: " + node + ": " + status);
            }
        }
    }

    /** I4: an interval until it is missed, the failure timeout from then on; the others have that time from when they hear of it. */
    private void verifyDetection() {
        SimNode victim = own.get(random.nextInt(own.size()));
        SwimSettings settings = simulation.settings;
        if (random.nextBoolean()) {
            victim.kill();
        } else {
            victim.crash();
        }
        simulation.invariants.excuse(victim, Long.MAX_VALUE);
        long start = simulation.now();
        long bound = settings.interval() + settings.failureTimeout().toNanos();
        simulation.until(
                "I4: somebody holds " + victim + " FAILED",
                bound + 100 * MILLI,
                () -> own.stream().anyMatch(node -> node.up() && node.holds(victim) == MemberState.FAILED));
        simulation.until(
                "I4: everybody holds " + victim + " FAILED",
                start + bound + settings.interval() + 8 * settings.gossipInterval() - simulation.now(),
                () -> own.stream()
                        .filter(node -> node != victim)
                        .allMatch(node -> node.holds(victim) == MemberState.FAILED));
    }

    private Set<Sometimes> observed() {
        for (SimNode node : own) {
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
            if (node.refused().containsKey(Envelope.Reason.REPLAYED)) {
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
            Arrays.fill(key, (byte) letter);
            file.append(Base64.getEncoder().encodeToString(key)).append('\n');
        }
        return GossipKeyring.parse(file.toString());
    }
}
