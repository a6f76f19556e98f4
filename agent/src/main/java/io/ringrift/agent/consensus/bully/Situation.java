package io.ringrift.agent.consensus.bully;

import io.ringrift.agent.config.AgentConfig.BullyQuorum;
import io.ringrift.agent.consensus.Epochs;
import io.ringrift.agent.consensus.bully.BullyMessage.Acknowledgement;
import io.ringrift.agent.consensus.bully.BullyMessage.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** What all parts of one node's election share: who it is, who has a say, what was heard, and what is to be done. */
final class Situation {
    final Holder self;
    final Evidence evidence = new Evidence();
    private final RandomGenerator random;
    private Electorate electorate;
    private BullyQuorum rule = BullyQuorum.MAJORITY;
    private long priority;
    private long generation;
    private List<BullyEffect> effects = new ArrayList<>();

    Situation(Holder self, RandomGenerator random) {
        this.self = self;
        this.random = random;
        this.electorate = new Electorate(Set.of(self.nodeId()), 0, false, Set.of(), Set.of());
    }

    void configure(long newPriority, BullyQuorum newRule, long newGeneration) {
        priority = newPriority;
        rule = newRule;
        generation = newGeneration;
    }

    void electorate(Electorate changed) {
        electorate = changed;
        Set<String> known = new HashSet<>(changed.members());
        known.addAll(changed.living());
        evidence.retain(known);
    }

    Electorate electorate() {
        return electorate;
    }

    Set<String> members() {
        return electorate.members();
    }

    int quorum() {
        return electorate.quorum(rule);
    }

    /** What keeps any election from succeeding here, in a sentence; empty where nothing does. */
    Optional<String> lacking() {
        if (!electorate.complete()) {
            return Optional.of(
                    "Not every name of RINGRIFT_PEERS could be resolved yet, so the number of members is not known.");
        }
        long living = electorate.living().stream()
                        .filter(members()::contains)
                        .filter(nodeId -> !nodeId.equals(self.nodeId()))
                        .count()
                + 1;
        return living >= quorum()
                ? Optional.empty()
                : Optional.of(living + " of " + electorate.size()
                        + " configured members are alive here, and an election needs " + quorum() + ".");
    }

    /** Members whose names are not known count with them. */
    boolean couldElect(Predicate<String> some) {
        long named = members().stream()
                .filter(nodeId -> !nodeId.equals(self.nodeId()) && some.test(nodeId))
                .count();
        return !electorate.complete() || named + electorate.unknown() >= quorum();
    }

    boolean needsMajority() {
        return rule == BullyQuorum.MAJORITY;
    }

    long priority() {
        return priority;
    }

    /** What a run without memory takes for its highest promise. */
    long baseline() {
        return evidence.baseline(electorate, self.nodeId(), generation);
    }

    long floor() {
        return Evidence.floor(generation);
    }

    Optional<Evidence.Clearance> clearance() {
        return evidence.clearance(electorate, self.nodeId());
    }

    boolean outranks(String nodeId, String other) {
        return ranking().compare(nodeId, other) > 0;
    }

    /** Whether that is another member, which lives and has not retired. */
    boolean couldTakeOver(String nodeId) {
        return !nodeId.equals(self.nodeId())
                && members().contains(nodeId)
                && electorate.living().contains(nodeId)
                && !evidence.isRetired(nodeId);
    }

    /** The best that could take over. */
    Optional<String> bestOther() {
        return electorate.living().stream().filter(this::couldTakeOver).max(ranking());
    }

    /** Living members that come before this node; {@code lost} led and fell silent, so it is not waited for. */
    Set<String> betterOnes(Optional<Holder> lost) {
        return electorate.living().stream()
                .filter(members()::contains)
                .filter(nodeId ->
                        lost.filter(holder -> holder.nodeId().equals(nodeId)).isEmpty())
                .filter(nodeId -> outranks(nodeId, self.nodeId()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The next epoch after {@code highest} and all that was heard; without a quorum one that no other member would choose. */
    long nextEpoch(long highest) {
        long heard = Math.min(evidence.highestEpoch(), Epochs.highestBefore(electorate.size()));
        long known = Math.max(highest, heard);
        return needsMajority()
                ? Epochs.nextOfBully(known)
                : Epochs.nextOfBully(known, electorate.rank(self.nodeId()), electorate.size());
    }

    boolean epochsLeft(long highest) {
        return highest < Epochs.highestBefore(electorate.size());
    }

    Duration jitter(Duration most) {
        return Duration.ofNanos(random.nextLong(most.toNanos()));
    }

    void sendAll(BullyMessage message) {
        electorate.recipients(self.nodeId()).forEach(nodeId -> effects.add(new BullyEffect.Send(nodeId, message)));
    }

    void reply(long exchange, BullyMessage message) {
        effects.add(new BullyEffect.Reply(exchange, message));
    }

    void acknowledge(long exchange, long epoch, long sequence, Outcome outcome) {
        reply(exchange, new Acknowledgement(epoch, sequence, outcome));
    }

    void persist(long epoch, boolean unbound) {
        effects.add(new BullyEffect.Persist(new Remembered(epoch, unbound)));
    }

    List<BullyEffect> drain() {
        List<BullyEffect> drained = effects;
        effects = new ArrayList<>();
        return drained;
    }

    private Comparator<String> ranking() {
        return Comparator.<String>comparingLong(
                        nodeId -> nodeId.equals(self.nodeId()) ? priority : evidence.priority(nodeId))
                .thenComparing(Comparator.naturalOrder());
    }
}
