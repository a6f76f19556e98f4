package io.ringrift.agent.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ringrift.agent.coordinator.AgentEvent;
import io.ringrift.agent.coordinator.AgentView;
import io.ringrift.agent.coordinator.FallbackState;
import io.ringrift.agent.membership.MemberState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What {@code /metrics} shows; docs/metrics.md says what each means. Gauges read the view when they are scraped, counters are fed by events.
 * Every label has a bounded set of values. Safe for use from any thread.
 */
public final class Metrics {
    /** Of the text that {@link #scrape()} returns. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Supplier<AgentView> view;
    private final Counter configRefused;
    private final Counter certificateRefused;
    private final AtomicReference<Instant> certificateNotAfter = new AtomicReference<>();
    // Micrometer's function counters hold what they read only weakly.
    private final List<Supplier<Number>> observed = new CopyOnWriteArrayList<>();

    /**
     * @param view read at every scrape
     * @param clock time since the process started
     */
    public Metrics(Supplier<AgentView> view, Supplier<Duration> clock, String version) {
        this.view = view;
        this.configRefused = counter("ringrift_config_refused", "Configuration changes that were refused.");
        this.certificateRefused = counter("ringrift_certificate_refused", "New certificates that were refused.");
        registerConfiguration();
        registerLeadership();
        registerMembers();
        registerFallback("membership", AgentView::membershipFallback);
        registerFallback("consensus", AgentView::consensusFallback);
        ProcessMetrics.register(registry, clock, version);
    }

    /** Counts what an event says. */
    public void record(AgentEvent event) {
        if (event instanceof AgentEvent.ConfigChanged config
                && config.status().refused().isPresent()) {
            configRefused.increment();
        }
    }

    /** Another agent's messages that were not taken. @param reason lower case, from a fixed set: it becomes a label */
    public void dropped(String reason, Supplier<Number> count) {
        observed.add(count);
        FunctionCounter.builder(
                        "ringrift_messages_dropped",
                        count,
                        source -> source.get().doubleValue())
                .description("Messages of other agents that were not taken.")
                .tag("reason", reason)
                .register(registry);
    }

    /** Gossip packets that were not used. @param reason lower case, from a fixed set: it becomes a label */
    public void packetsDropped(String reason, Supplier<Number> count) {
        observed.add(count);
        FunctionCounter.builder(
                        "ringrift_swim_packets_dropped",
                        count,
                        source -> source.get().doubleValue())
                .description("Gossip packets that were not used.")
                .tag("reason", reason)
                .register(registry);
    }

    /** A request was answered. @param route the template, never the path as it was asked for */
    public void requestServed(String route, String method, int status, Duration took) {
        Timer.builder("ringrift_http_request_duration")
                .description("Time to answer requests, by route.")
                .tags("route", route, "method", method, "status", Integer.toString(status))
                .register(registry)
                .record(took);
    }

    /** A figure that another part of the agent keeps, and that may fall too. */
    public void gauge(String name, String help, Supplier<Number> value) {
        Gauge.builder(name, value).description(help).register(registry);
    }

    /** A count that another part of the agent keeps; {@code name} without the {@code _total} it is shown with. */
    public void counter(String name, String help, Supplier<Number> value) {
        observed.add(value);
        FunctionCounter.builder(name, value, source -> source.get().doubleValue())
                .description(help)
                .register(registry);
    }

    /** Another certificate is in use. */
    public void certificateLoaded(Instant notAfter) {
        if (certificateNotAfter.getAndSet(notAfter) == null) {
            gauge(
                    "ringrift_certificate_not_after_seconds",
                    "When the certificate in use expires, in seconds since 1970.",
                    () -> certificateNotAfter.get().getEpochSecond());
        }
    }

    /** A new certificate could not be used; the old one stays. */
    public void certificateRefused() {
        certificateRefused.increment();
    }

    /** Everything, as Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    private void registerConfiguration() {
        gauge(
                "ringrift_config_generation",
                "Generation of the configuration that runs, 0 where it has none.",
                () -> view.get().configStatus().generation().orElse(0));
        gauge(
                "ringrift_ready",
                "1 while this node has a view of the cluster.",
                () -> flag(view.get().joined()));
    }

    private void registerLeadership() {
        gauge(
                "ringrift_leader_epoch",
                "The highest epoch seen.",
                () -> view.get().leadership().epoch());
        gauge(
                "ringrift_has_leader",
                "1 while this node knows a leader.",
                () -> flag(view.get().leadership().leader().isPresent()));
        gauge("ringrift_is_leader", "1 while this node leads.", () -> {
            AgentView now = view.get();
            return flag(now.leadership().leader().filter(now.nodeId()::equals).isPresent());
        });
    }

    private void registerMembers() {
        for (MemberState state : MemberState.values()) {
            Gauge.builder(
                            "ringrift_members",
                            () -> view.get().members().stream()
                                    .filter(member -> member.state() == state)
                                    .count())
                    .description("Members by state, this node included.")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }

    private void registerFallback(String protocol, Function<AgentView, FallbackState> state) {
        Gauge.builder(
                        "ringrift_fallback_active",
                        () -> flag(state.apply(view.get()).active()))
                .description("1 while a fallback serves instead of the protocol that was wanted.")
                .tag("protocol", protocol)
                .register(registry);
        FunctionCounter.builder(
                        "ringrift_fallback_activations",
                        view,
                        source -> state.apply(source.get()).activations())
                .description("How often a fallback became active.")
                .tag("protocol", protocol)
                .register(registry);
    }

    private Counter counter(String name, String help) {
        return Counter.builder(name).description(help).register(registry);
    }

    private static int flag(boolean value) {
        return value ? 1 : 0;
    }
}
