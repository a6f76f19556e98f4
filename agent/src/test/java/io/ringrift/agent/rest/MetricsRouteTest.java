package io.ringrift.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.config.ConfigStatus;
import io.ringrift.agent.coordinator.AgentEvent;
import io.ringrift.agent.runtime.LoopCounters;
import io.ringrift.agent.runtime.SwimCounters;
import io.ringrift.agent.telemetry.LogLines;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What Prometheus gets is what docs/metrics.md promises. */
class MetricsRouteTest {
    private static final Pattern DOCUMENTED = Pattern.compile("^\\| `(ringrift_\\w+)", Pattern.MULTILINE);

    @Test
    void everyMetricIsDocumentedAndEveryDocumentedOneIsThere() throws IOException {
        try (TestAgent agent = TestAgent.standard()) {
            agent.get("/status");
            new LoopCounters().observe(agent.metrics);
            new SwimCounters().observe(agent.metrics);
            agent.raft.localLog().observe(agent.metrics);
            agent.state.observe(agent.metrics);
            agent.metrics.certificateLoaded(Instant.now());
            HttpResponse<String> response = agent.get("/metrics");
            assertThat(response.headers().firstValue("content-type").orElseThrow())
                    .startsWith("text/plain; version=0.0.4");
            Set<String> served = response.body()
                    .lines()
                    .filter(line -> line.startsWith("# TYPE "))
                    .map(line -> line.split(" ")[2])
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> documented = DOCUMENTED
                    .matcher(Files.readString(Path.of("..", "docs", "metrics.md")))
                    .results()
                    .map(found -> found.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(served).isEqualTo(documented).allMatch(name -> name.startsWith("ringrift_"));
            assertThat(response.body().lines().filter(line -> line.startsWith("# HELP ")))
                    .allMatch(line -> line.split(" ").length > 3);
        }
    }

    @Test
    void figuresFollowTheViewAndTheEvents() {
        try (TestAgent agent = TestAgent.standard()) {
            assertThat(agent.metric("ringrift_members{state=\"alive\"}")).isEqualTo(1);
            assertThat(agent.metric("ringrift_members{state=\"suspected\"}")).isEqualTo(1);
            assertThat(agent.metric("ringrift_leader_epoch")).isEqualTo(31);
            assertThat(agent.metric("ringrift_is_leader")).isEqualTo(0);
            assertThat(agent.metric("ringrift_config_generation")).isEqualTo(12);
            ConfigStatus refused = new ConfigStatus(
                    OptionalLong.of(12), Optional.of(new ConfigStatus.Refusal(OptionalLong.of(13), List.of("no"))));
            agent.metrics.record(new AgentEvent.ConfigChanged(refused, Duration.ZERO));
            agent.metrics.record(new AgentEvent.ConfigChanged(
                    new ConfigStatus(OptionalLong.of(14), Optional.empty()), Duration.ZERO));
            assertThat(agent.metric("ringrift_config_refused_total")).isEqualTo(1);
            assertThat(LogLines.startup(agent.view.get()))
                    .extracting(LogLines.Line::text)
                    .containsExactly(
                            "[Startup Validation] SWIM protocol off (membership_mode=http)",
                            "[Startup Validation] Raft protocol off (consensus_mode=bully)");
        }
    }

    @Test
    void labelsAreBoundedWhateverIsAskedFor() {
        try (TestAgent agent = TestAgent.standard()) {
            for (int i = 0; i < 50; i++) {
                agent.get("/kv/key-" + i);
                agent.get("/nothing/" + i);
            }
            try (RawHttp raw = new RawHttp(agent.port())) {
                raw.send("STRANGE /status HTTP/1.1\r\nHost: x\r\n\r\n");
                raw.readHead();
            }
            Matcher routes = Pattern.compile("_count\\{method=\"(\\w+)\",route=\"([^\"]+)\"")
                    .matcher(agent.metrics.scrape());
            assertThat(routes.results().map(found -> found.group(1) + " " + found.group(2)))
                    .containsOnly("GET /kv/{key}", "GET unmatched", "other /status");
        }
    }
}
