package io.ringrift.agent.membership.swim;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Pings that this node sends for others: as a relay, as a witness, and to make sure of a newcomer before it is made known. A
 * negative answer goes out when 80 % of the asker's budget is gone, so that it arrives before the asker judges.
 */
final class Errands {
    /** Milliseconds that fit the field. */
    static final int MAX_BUDGET = 65_535;
    /** No more at a time: what is dropped costs the asker one relay, nothing else. */
    static final int CAPACITY = 512;

    private static final long MILLI = 1_000_000L;

    private final Supplier<SwimSettings> settings;
    private final Timers timers;
    private final Outbox outbox;
    private final Numbers numbers;
    private final Counters counters;
    private final Map<Long, Errand> open = new HashMap<>();

    private record Errand(long target, Runnable whenAnswered) {}

    Errands(Supplier<SwimSettings> settings, Timers timers, Outbox outbox, Numbers numbers, Counters counters) {
        this.settings = settings;
        this.timers = timers;
        this.outbox = outbox;
        this.numbers = numbers;
        this.counters = counters;
    }

    void relay(Message.PingRequest request, long asker, Endpoint replyTo) {
        long budget = request.budgetMillis() * MILLI;
        boolean sent = ping(
                request.target(),
                request.at(),
                budget,
                () -> outbox.send(replyTo, asker, new Message.Ack(request.number())),
                () -> outbox.send(replyTo, asker, new Message.Nack(request.number())));
        if (!sent) {
            counters.drop(Drop.OVERLOADED);
        }
    }

    void witness(Message.WitnessRequest request, long asker, Endpoint replyTo) {
        boolean sent = ping(
                request.subject(),
                request.at(),
                request.budgetMillis() * MILLI,
                () -> outbox.send(replyTo, asker, new Message.WitnessReply(request.number(), true)),
                () -> outbox.send(replyTo, asker, new Message.WitnessReply(request.number(), false)));
        if (!sent) {
            counters.drop(Drop.OVERLOADED);
        }
    }

    /** Pings a newcomer at the address it gives; only if it answers there is it let in. */
    void verify(MemberRecord newcomer, Consumer<MemberRecord> welcome) {
        boolean known = open.values().stream().anyMatch(errand -> errand.target() == newcomer.instance());
        if (known) {
            return;
        }
        if (!ping(
                newcomer.instance(),
                newcomer.endpoint(),
                settings.get().verdict(),
                () -> welcome.accept(newcomer),
                () -> {})) {
            counters.drop(Drop.OVERLOADED);
        }
    }

    /** An answer to one of these pings. */
    void acked(long number, long from) {
        Errand errand = open.get(number);
        if (errand != null && errand.target() == from) {
            open.remove(number);
            errand.whenAnswered().run();
        }
    }

    private boolean ping(long target, Endpoint at, long budget, Runnable answered, Runnable silent) {
        if (open.size() >= CAPACITY) {
            return false;
        }
        long number = numbers.next();
        open.put(number, new Errand(target, answered));
        outbox.send(at, target, new Message.Ping(number));
        timers.in(budget * 8 / 10, () -> {
            if (open.containsKey(number)) {
                silent.run();
            }
        });
        // A late answer still goes through: the asker takes it until its own deadline.
        timers.in(budget, () -> open.remove(number));
        return true;
    }
}
