package io.ringrift.agent.runtime;

import io.ringrift.agent.config.Token;
import io.ringrift.agent.membership.swim.Drop;
import io.ringrift.agent.membership.swim.SwimStatus;
import io.ringrift.agent.security.Envelope;
import io.ringrift.agent.telemetry.Metrics;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** What SWIM counts, for metrics. Counts rise only, over every run of the protocol. Thread-safe. */
public final class SwimCounters {
    private final Map<String, LongAdder> dropped = new TreeMap<>();
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder unsent = new LongAdder();
    private final LongAdder probes = new LongAdder();
    private final LongAdder exchanges = new LongAdder();
    private final LongAdder pauses = new LongAdder();
    private volatile int localHealth;

    /** Everything at 0. */
    public SwimCounters() {
        Stream.<Token>concat(Arrays.stream(Drop.values()), Arrays.stream(Envelope.Reason.values()))
                .forEach(reason -> dropped.put(reason.token(), new LongAdder()));
    }

    void received() {
        received.increment();
    }

    void sent() {
        sent.increment();
    }

    void unsent() {
        unsent.increment();
    }

    void probed() {
        probes.increment();
    }

    void exchanged() {
        exchanges.increment();
    }

    void refused(Envelope.Reason reason) {
        dropped.get(reason.token()).increment();
    }

    /** Adds what the protocol counted since {@code before}; both of one run. */
    void took(SwimStatus before, SwimStatus after) {
        after.drops()
                .forEach((reason, count) ->
                        dropped.get(reason.token()).add(count - before.drops().getOrDefault(reason, 0L)));
        pauses.add(after.pauses() - before.pauses());
        localHealth = after.localHealth();
    }

    /** Lets the metrics read what is counted here. */
    public void observe(Metrics metrics) {
        dropped.forEach((reason, count) -> metrics.packetsDropped(reason, count::sum));
        metrics.counter("ringrift_swim_packets_received", "Gossip packets that came in, good or bad.", received::sum);
        metrics.counter("ringrift_swim_packets_sent", "Gossip packets sent.", sent::sum);
        metrics.counter("ringrift_swim_packets_unsent", "Gossip packets that the system did not take.", unsent::sum);
        metrics.counter("ringrift_swim_tcp_probes", "Members looked for over TCP.", probes::sum);
        metrics.counter("ringrift_swim_exchanges", "Full-state exchanges begun.", exchanges::sum);
        metrics.counter("ringrift_swim_pauses", "Times this process slept through a deadline.", pauses::sum);
        metrics.gauge(
                "ringrift_swim_local_health", "0 to 8: how much this node distrusts its own ears.", () -> localHealth);
    }
}
