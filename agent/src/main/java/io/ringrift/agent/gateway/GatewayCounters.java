package io.ringrift.agent.gateway;

import io.ringrift.agent.telemetry.Metrics;
import java.util.concurrent.atomic.LongAdder;

/** What the gateway counts, for metrics. Counts rise only. Thread-safe. */
final class GatewayCounters {
    final LongAdder here = new LongAdder();
    final LongAdder forwarded = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder held = new LongAdder();
    final LongAdder unavailable = new LongAdder();
    final LongAdder unknown = new LongAdder();

    void observe(Metrics metrics) {
        metrics.counter("ringrift_state_local", "Requests on state that this node put into the log.", here::sum);
        metrics.counter(
                "ringrift_state_forwarded", "Requests on state that were handed to the leader.", forwarded::sum);
        metrics.counter(
                "ringrift_state_received", "Requests on state that other agents handed to this one.", received::sum);
        metrics.counter("ringrift_state_held", "Attempts that found no leader and were made again.", held::sum);
        metrics.counter(
                "ringrift_state_unavailable", "Requests on state that were refused: no leader.", unavailable::sum);
        metrics.counter(
                "ringrift_state_outcome_unknown", "Requests on state whose outcome nobody could tell.", unknown::sum);
    }
}
