package io.ringrift.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.coordinator.AgentEvent;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What readers of /events see, over real connections. */
class EventStreamsTest {
    private static final Pattern FRAME = Pattern.compile("id: boot1-(\\d+)\r?\nevent: (\\w+)\r?\ndata: (.*)");

    private record Seen(long id, String name, JsonObject data) {}

    private static RawHttp open(TestAgent agent, String lastId) {
        RawHttp raw = new RawHttp(agent.port());
        raw.send("GET /events HTTP/1.0\r\nHost: x\r\n" + (lastId == null ? "" : "Last-Event-ID: " + lastId + "\r\n")
                + "\r\n");
        assertThat(raw.readHead()).startsWith("HTTP/1.").contains(" 200 ").contains("text/event-stream");
        assertThat(raw.readUntil("\n\n")).isEqualTo("retry: 1000\n\n");
        return raw;
    }

    private static Seen next(RawHttp raw) {
        String frame = raw.readUntil("\n\n");
        Matcher matcher = FRAME.matcher(frame.strip());
        assertThat(matcher.matches()).as(frame).isTrue();
        return new Seen(Long.parseLong(matcher.group(1)), matcher.group(2), new JsonObject(matcher.group(3)));
    }

    private static List<Seen> next(RawHttp raw, int count) {
        return IntStream.range(0, count).mapToObj(i -> next(raw)).toList();
    }

    private static AgentEvent died(String nodeId) {
        return new AgentEvent.MemberChanged(
                nodeId,
                MemberState.FAILED,
                Optional.of(MemberState.SUSPECTED),
                3,
                List.of("demo-0"),
                Member.Source.HTTP,
                Duration.ofSeconds(90));
    }

    private static AgentEvent leads(String nodeId, long epoch) {
        return new AgentEvent.LeaderChanged(
                new Leadership(Optional.of(nodeId), epoch, Optional.of(Leadership.Source.BULLY)),
                Duration.ofSeconds(91));
    }

    @Test
    void aNewStreamBeginsWithThePresentStateAndGoesOnWithWhatHappens() {
        try (TestAgent agent = TestAgent.standard();
                RawHttp raw = open(agent, null)) {
            List<Seen> state = next(raw, 5);
            assertThat(state)
                    .extracting(Seen::name)
                    .containsExactly("member", "member", "leader", "fallback", "fallback");
            assertThat(state.get(1).data()).isEqualTo(new JsonObject("""
                {"node_id": "demo-1", "state": "SUSPECTED", "previous": null, "incarnation": 3, "accusers": [],
                 "at": "2026-01-02T03:04:10Z"}"""));
            assertThat(state.get(2).data()).isEqualTo(new JsonObject("""
                {"leader": "demo-1", "epoch": 31, "source": "bully", "at": "2026-01-02T03:05:44Z"}"""));
            assertThat(state.get(3).data().getString("protocol")).isEqualTo("membership");

            agent.server.publish(died("demo-1"));
            agent.server.publish(leads("demo-0", 32));
            List<Seen> live = next(raw, 2);
            assertThat(live.get(0).data()).isEqualTo(new JsonObject("""
                {"node_id": "demo-1", "state": "FAILED", "previous": "SUSPECTED", "incarnation": 3, "accusers": ["demo-0"],
                 "at": "2026-01-02T03:05:35Z"}"""));
            assertThat(live.get(1).data().getLong("epoch")).isEqualTo(32);
            List<Long> ids = new ArrayList<>(state.stream().map(Seen::id).toList());
            ids.addAll(live.stream().map(Seen::id).toList());
            assertThat(ids).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void anUsualHttpClientCanReadIt() throws Exception {
        try (TestAgent agent = TestAgent.standard()) {
            var response = agent.http.send(
                    HttpRequest.newBuilder(agent.uri("/events")).build(),
                    java.net.http.HttpResponse.BodyHandlers.ofLines());
            try (var lines = response.body()) {
                assertThat(lines.filter(line -> line.startsWith("event: ")).limit(5))
                        .hasSize(5);
            }
        }
    }

    @Test
    void aStreamThatComesBackGetsExactlyWhatItMissed() {
        try (TestAgent agent = TestAgent.standard()) {
            long last;
            try (RawHttp raw = open(agent, null)) {
                next(raw, 5);
                agent.server.publish(leads("demo-0", 32));
                last = next(raw).id();
            }
            agent.server.publish(leads("demo-1", 33));
            agent.server.publish(leads("demo-0", 34));
            try (RawHttp raw = open(agent, "boot1-" + last)) {
                assertThat(next(raw, 2))
                        .extracting(seen -> seen.data().getLong("epoch"))
                        .containsExactly(33L, 34L);
            }
            try (RawHttp raw = open(agent, "otherboot-3")) {
                assertThat(next(raw, 5))
                        .extracting(Seen::name)
                        .containsExactly("member", "member", "leader", "fallback", "fallback");
            }
        }
    }

    @Test
    void aReaderThatDoesNotReadIsCutOffAndTheOthersAreNot() {
        try (TestAgent agent = new TestAgent(TestAgent.Setup.standard()
                        .view(view -> view.withMembers(IntStream.range(0, 60_000)
                                .mapToObj(i -> TestAgent.member("node-" + i, MemberState.ALIVE))
                                .toList())));
                RawHttp slow = new RawHttp(agent.port())) {
            slow.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
            await().untilAsserted(() ->
                    assertThat(agent.metric("ringrift_event_streams")).isEqualTo(1.0));
            agent.view.set(TestAgent.view());
            try (RawHttp good = open(agent, null)) {
                next(good, 5);
                // Let the tick find the slow one stalled, on a clock that has moved on.
                await().untilAsserted(() -> {
                    agent.now.updateAndGet(now -> now.plus(EventStream.PATIENCE));
                    assertThat(agent.metric("ringrift_event_streams_cut_total")).isEqualTo(1.0);
                });
                agent.server.publish(leads("demo-0", 32));
                String frame = good.readUntil("\n\n");
                while (frame.startsWith(":")) {
                    frame = good.readUntil("\n\n");
                }
                assertThat(frame).contains("\"epoch\":32");
            }
            assertThat(slow.closesWithin(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void silenceIsFilledWithComments() {
        try (TestAgent agent = TestAgent.standard();
                RawHttp raw = open(agent, null)) {
            next(raw, 5);
            agent.now.updateAndGet(now -> now.plusSeconds(20));
            assertThat(raw.readUntil("\n\n")).isEqualTo(": heartbeat\n\n");
        }
    }

    @Test
    void streamsAreBoundedAndLeaveNothingBehind() {
        List<RawHttp> open = new ArrayList<>();
        try (TestAgent agent = TestAgent.standard()) {
            for (int i = 0; i < EventStreams.MAX_STREAMS; i++) {
                open.add(open(agent, null));
            }
            assertThat(agent.get("/events").statusCode()).isEqualTo(503);
            open.forEach(RawHttp::close);
            await().untilAsserted(() ->
                    assertThat(agent.metric("ringrift_event_streams")).isEqualTo(0.0));
            open(agent, null).close();
        }
    }

    @Test
    void closingTheServerEndsTheStreams() {
        TestAgent agent = TestAgent.standard();
        try (RawHttp raw = open(agent, null)) {
            next(raw, 5);
            agent.close();
            assertThat(raw.closesWithin(Duration.ofSeconds(5))).isTrue();
        }
    }
}
