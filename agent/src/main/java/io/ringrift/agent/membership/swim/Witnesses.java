package io.ringrift.agent.membership.swim;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Asks the ring neighbours of a suspect to look at once and answer directly. Confirmations come within one verdict
 * this way, in a cluster of any size, instead of by the luck of who probes whom.
 */
final class Witnesses {
    private final Supplier<SwimSettings> settings;
    private final Timers timers;
    private final MemberTable table;
    private final LocalMember self;
    private final Outbox outbox;
    private final SuspicionBook suspicions;
    private final WhyBook why;
    private final Numbers numbers;
    private final Map<Long, Inquiry> open = new HashMap<>();

    private record Inquiry(MemberRecord subject, Set<Long> asked) {}

    Witnesses(
            Supplier<SwimSettings> settings,
            Timers timers,
            MemberTable table,
            LocalMember self,
            Outbox outbox,
            SuspicionBook suspicions,
            WhyBook why,
            Numbers numbers) {
        this.settings = settings;
        this.timers = timers;
        this.table = table;
        this.self = self;
        this.outbox = outbox;
        this.suspicions = suspicions;
        this.why = why;
        this.numbers = numbers;
    }

    void ask(MemberRecord subject) {
        Set<Long> asked = neighbours(subject.instance());
        if (asked.isEmpty()) {
            return;
        }
        long number = numbers.next();
        long budget = settings.get().verdict() * 6 / 10;
        for (long witness : asked) {
            outbox.send(
                    table.record(table.find(witness)),
                    new Message.WitnessRequest(number, subject.instance(), subject.endpoint(), (int)
                            Math.min(Errands.MAX_BUDGET, budget / 1_000_000)));
        }
        open.put(number, new Inquiry(subject, asked));
        timers.in(settings.get().unconfirmedWindow(), () -> open.remove(number));
    }

    void replied(long number, long from, boolean answered) {
        Inquiry inquiry = open.get(number);
        if (inquiry == null || !inquiry.asked().remove(from)) {
            return;
        }
        MemberRecord subject = inquiry.subject();
        boolean same = suspicions
                .of(subject.instance())
                .filter(s -> s.subject().incarnation() == subject.incarnation())
                .isPresent();
        if (same && answered) {
            why.note(subject.nodeId(), WhyEntry.Step.CONTRADICTED, from, "had an answer when asked to look");
        } else if (same) {
            suspicions.confirm(subject.instance(), from);
        }
    }

    private Set<Long> neighbours(long subject) {
        Set<Long> chosen = new LinkedHashSet<>();
        for (int step : new int[] {1, -1}) {
            for (int i = 0; i < SwimSettings.WITNESSES / 2; i++) {
                int at = table.neighbour(
                        subject, step, j -> isWitness(table.record(j).instance(), subject, chosen) && table.isLive(j));
                if (at >= 0) {
                    chosen.add(table.record(at).instance());
                }
            }
        }
        return chosen;
    }

    private boolean isWitness(long candidate, long subject, Set<Long> chosen) {
        return candidate != subject && candidate != self.instance() && !chosen.contains(candidate);
    }
}
