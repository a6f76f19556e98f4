package io.ringrift.operator.roll;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides which pod makes way for the new template next.
 *
 * <p>One pod at a time: who is not ready anyhow first, then those without a vote, then the voters, the leader last. No pod
 * goes while another is missing, leaving or not ready with the new template, so that a broken template costs one pod. No elector goes
 * where the others alone could not elect: with Raft every other voter has to have caught up, for a pod takes an emptyDir
 * with it, and what was acknowledged has to lie on a majority.
 */
public final class RollPlanner {
    /** A pod that is ready for a shorter time may still turn out to be broken. */
    static final Duration MIN_READY = Duration.ofSeconds(10);

    /** After that the leader is evicted all the same: it hands over when it is told to end, too. */
    static final Duration HAND_OVER = Duration.ofSeconds(15);

    private static final int MOST_NAMES = 5;

    private RollPlanner() {}

    /** @param now wall-clock time, as the pods' conditions have it */
    public static RollStep next(RollView view, Instant now) {
        Optional<RollPod> next =
                view.outdated().stream().filter(pod -> !pod.leaving()).min(order(view));
        if (view.outdated().isEmpty()) {
            return new RollStep.Done();
        }
        return view.held()
                .map(RollPlanner::waitFor)
                .or(() -> unsettled(view, now))
                .orElseGet(() -> makeWay(view, next.orElseThrow(), now));
    }

    private static Comparator<RollPod> order(RollView view) {
        return Comparator.<RollPod, Boolean>comparing(pod -> pod.readySince().isPresent())
                .thenComparing(pod -> view.electors().contains(pod.name()))
                .thenComparing(pod -> view.leader().filter(pod.name()::equals).isPresent())
                .thenComparing(pod -> view.members().indexOf(pod.name()), Comparator.reverseOrder());
    }

    /** Why no other pod may go yet: one that has gone has not come back for good. */
    private static Optional<RollStep> unsettled(RollView view, Instant now) {
        return view.members().stream()
                .flatMap(member ->
                        unsettled(member, Optional.ofNullable(view.pods().get(member)), now).stream())
                .findFirst();
    }

    private static Optional<RollStep> unsettled(String member, Optional<RollPod> found, Instant now) {
        if (found.isEmpty()) {
            return Optional.of(waitFor(member + " has no pod yet"));
        }
        RollPod pod = found.get();
        if (pod.leaving()) {
            return Optional.of(waitFor(member + " is on its way out"));
        }
        if (pod.outdated()) {
            return Optional.empty();
        }
        if (pod.readySince().isEmpty()) {
            return Optional.of(waitFor(member + " is not ready with the new template"));
        }
        Duration left = MIN_READY.minus(Duration.between(pod.readySince().get(), now));
        if (left.isPositive()) {
            return Optional.of(
                    new RollStep.Wait(member + " has to stay ready for a moment", Optional.of(atMostMinReady(left))));
        }
        return pod.answers() ? Optional.empty() : Optional.of(waitFor("the agent of " + member + " does not answer"));
    }

    /** The node's clock may be ahead of ours. */
    private static Duration atMostMinReady(Duration left) {
        return left.compareTo(MIN_READY) > 0 ? MIN_READY : left;
    }

    private static RollStep makeWay(RollView view, RollPod pod, Instant now) {
        if (!view.electors().contains(pod.name())) {
            return new RollStep.Evict(pod);
        }
        if (view.raft() && view.standings().isEmpty()) {
            return new RollStep.AskVoters();
        }
        Optional<String> danger = view.raft() ? dangerToRaft(view, pod) : dangerToBully(view, pod);
        if (danger.isPresent()) {
            return new RollStep.Wait(danger.get(), Optional.of(MIN_READY));
        }
        boolean leads = view.leader().filter(pod.name()::equals).isPresent();
        return view.raft() && leads && view.electors().size() > 1 ? handOver(view, pod, now) : new RollStep.Evict(pod);
    }

    private static RollStep handOver(RollView view, RollPod leader, Instant now) {
        if (view.handOverAsked().isEmpty()) {
            return successor(view, leader)
                    .<RollStep>map(successor -> new RollStep.HandOver(leader, successor))
                    .orElseGet(() -> new RollStep.Evict(leader));
        }
        Duration left = HAND_OVER.minus(Duration.between(view.handOverAsked().get(), now));
        return left.isPositive()
                ? new RollStep.Wait(leader.name() + " is to hand over leadership", Optional.of(left))
                : new RollStep.Evict(leader);
    }

    private static Optional<String> successor(RollView view, RollPod leader) {
        return others(view, leader)
                .filter(elector -> works(view, elector))
                .min(Comparator.<String, Boolean>comparing(
                                elector -> view.pods().get(elector).outdated())
                        .thenComparing(view.members()::indexOf));
    }

    private static Optional<String> dangerToRaft(RollView view, RollPod pod) {
        Set<String> voters = view.standings().map(Standings::voters).orElse(Set.of());
        if (!voters.isEmpty() && !voters.equals(view.electors())) {
            return Optional.of("the voters are being changed");
        }
        List<String> lacking =
                others(view, pod).filter(elector -> !works(view, elector)).toList();
        if (lacking.isEmpty()) {
            boolean onlyCopy = view.electors().size() == 1 && !view.durable();
            return onlyCopy
                    ? Optional.of(pod.name() + " is the only voter and its log lies in an emptyDir, so that evicting it"
                            + " would lose the state: have three voters, or delete the pod by hand")
                    : Optional.empty();
        }
        return pod.down() && view.durable()
                ? Optional.empty()
                : Optional.of(endangered(pod, lacking, "keep up with Raft's leader"));
    }

    private static Optional<String> dangerToBully(RollView view, RollPod pod) {
        List<String> lacking =
                others(view, pod).filter(elector -> !works(view, elector)).toList();
        int electors = view.electors().size();
        // Two have no majority without either: the best that can be had is that the other one is well.
        int needed = electors < 3 ? electors - 1 : electors / 2 + 1;
        boolean enough = electors - 1 - lacking.size() >= needed;
        return pod.down() || enough ? Optional.empty() : Optional.of(endangered(pod, lacking, "answer"));
    }

    private static String endangered(RollPod pod, List<String> lacking, String whatTheyFailTo) {
        String names = String.join(", ", lacking.subList(0, Math.min(MOST_NAMES, lacking.size())))
                + (lacking.size() > MOST_NAMES ? " and others" : "");
        return pod.name() + " may not go while " + names + (lacking.size() == 1 ? " does not " : " do not ")
                + whatTheyFailTo + ", for the majority would be at risk";
    }

    private static Stream<String> others(RollView view, RollPod pod) {
        return view.members().stream().filter(view.electors()::contains).filter(elector -> !elector.equals(pod.name()));
    }

    /** Counts in an election, whether or not the workload beside it is ready. */
    private static boolean works(RollView view, String elector) {
        RollPod pod = view.pods().get(elector);
        return pod != null
                && !pod.leaving()
                && pod.answers()
                && (!view.raft()
                        || view.standings()
                                .map(known -> known.caughtUp(elector))
                                .orElse(false));
    }

    private static RollStep waitFor(String reason) {
        return new RollStep.Wait(reason, Optional.empty());
    }
}
