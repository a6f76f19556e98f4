package io.ringrift.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever speaks broken HTTP, too much of it, or too slowly gets an error or is cut off; the agent goes on. */
class HostileHttpTest {
    private static final String[] BROKEN = {
        "GARBAGE\r\n\r\n",
        "GET\r\n\r\n",
        "GET /status\r\n\r\n",
        "GET /status HTTP/9.9\r\n\r\n",
        "GET /status HTTP/1.1\r\nno colon here\r\n\r\n",
        "GET /status HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        "PUT /kv/a HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "PUT /kv/a HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "PUT /kv/a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
        "PUT /kv/a HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /kv/%c3%28 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /kv?prefix=%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET http://elsewhere/status HTTP/1.1\r\nHost: x\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        "CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /status HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n\r\n",
        "\0\1\2\3\4\5\6\7\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001",
        "PUT /kv/a HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf",
    };

    private static void assertServes(TestAgent agent) {
        assertThat(agent.get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void thousandsOfBrokenRequestsNeitherKillItNorGrowIt() {
        Random random = new Random(4711);
        try (TestAgent agent = TestAgent.standard()) {
            sendBroken(agent, random, 500);
            long before = usedHeap();
            sendBroken(agent, random, 2_000);
            assertServes(agent);
            await().untilAsserted(() ->
                    assertThat(agent.metric("ringrift_http_connections")).isLessThanOrEqualTo(1));
            // Generous: what is looked for is growth per request, and 2,000 of them would show at 2 KiB each.
            assertThat(usedHeap() - before).isLessThan(4L << 20);
        }
    }

    private static void sendBroken(TestAgent agent, Random random, int count) {
        for (int i = 0; i < count; i++) {
            try (RawHttp raw = new RawHttp(agent.port())) {
                raw.send(BROKEN[i % BROKEN.length]);
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                raw.send(noise);
            } catch (IllegalStateException e) {
                // Already closed by the other end.
            }
        }
    }

    private static long usedHeap() {
        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            System.gc();
            return true;
        });
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /kv?prefix=%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /status HTTP/1.1\r\nno colon here\r\n\r\n"
            })
    void brokenRequestsGetTheUsualFormOfError(String request) {
        try (TestAgent agent = TestAgent.standard();
                RawHttp raw = new RawHttp(agent.port())) {
            raw.send(request);
            assertThat(raw.readHead()).matches("(?s)HTTP/1\\.[01] 400 .*");
            assertThat(new JsonObject(raw.readUntil("}}")).getString("code")).isEqualTo("INVALID_REQUEST");
        }
    }

    @Test
    void headersAndLinesAreBounded() {
        try (TestAgent agent = TestAgent.standard()) {
            try (RawHttp raw = new RawHttp(agent.port())) {
                raw.send("GET /status?" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(raw.readHead()).matches("(?s)HTTP/1\\.[01] 414 .*");
            }
            try (RawHttp raw = new RawHttp(agent.port())) {
                raw.send("GET /status HTTP/1.1\r\nHost: x\r\nX-Long: " + "x".repeat(17_000) + "\r\n\r\n");
                assertThat(raw.readHead()).matches("(?s)HTTP/1\\.[01] 431 .*");
            }
            assertServes(agent);
        }
    }

    @Test
    void whoSendsSlowlyOrNothingIsCutOff() {
        try (TestAgent agent = TestAgent.standard();
                RawHttp silent = new RawHttp(agent.port());
                RawHttp dribbling = new RawHttp(agent.port());
                RawHttp halfBody = new RawHttp(agent.port())) {
            dribbling.send("GET /status HTTP/1.1\r\nX-A: ");
            halfBody.send("PUT /kv/a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TestAgent.TOKEN
                    + "\r\nContent-Length: 100\r\n\r\nhalf");
            await().untilAsserted(() ->
                    assertThat(agent.metric("ringrift_http_connections")).isEqualTo(3.0));
            agent.now.updateAndGet(now -> now.plusSeconds(11));
            assertThat(silent.closesWithin(Duration.ofSeconds(10))).isTrue();
            assertThat(dribbling.closesWithin(Duration.ofSeconds(10))).isTrue();
            agent.now.updateAndGet(now -> now.plusSeconds(31));
            assertThat(halfBody.closesWithin(Duration.ofSeconds(10))).isTrue();
            assertServes(agent);
        }
    }

    @Test
    void aBodyThatNobodyWantsEndsTheConnectionInTheEnd() {
        try (TestAgent agent = TestAgent.standard();
                RawHttp raw = new RawHttp(agent.port())) {
            raw.send("PUT /kv/a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nhalf");
            assertThat(raw.readHead()).startsWith("HTTP/1.1 401 ");
            agent.now.updateAndGet(now -> now.plusSeconds(11));
            assertThat(raw.closesWithin(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void manyIdleConnectionsLeaveRoomForAProbe() {
        List<RawHttp> idle = new ArrayList<>();
        try (TestAgent agent = TestAgent.standard()) {
            for (int i = 0; i < 400; i++) {
                idle.add(new RawHttp(agent.port()));
            }
            assertServes(agent);
            assertThat(agent.metric("ringrift_http_connections")).isBetween(200.0, 260.0);
        } finally {
            idle.forEach(RawHttp::close);
        }
    }

    @Test
    void requestsWaitUntilTheAnswerBeforeThemIsTaken() {
        try (TestAgent agent = TestAgent.standard();
                RawHttp raw = new RawHttp(agent.port())) {
            int asked = 5_000;
            String openApi = "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n";
            raw.send(openApi.repeat(asked));
            String answers =
                    "ringrift_http_request_duration_seconds_count{method=\"GET\",route=\"/openapi.json\",status=\"200\"}";
            await().until(() -> agent.metric(answers) > 0);
            assertServes(agent);
            assertThat(agent.metric(answers))
                    .as("what the system's own buffers take")
                    .isLessThan(asked / 10.0);
        }
    }

    @Test
    void whoAsksWithoutReadingIsCutOff() {
        try (TestAgent agent = new TestAgent(TestAgent.Setup.standard()
                        .view(view -> view.withMembers(IntStream.range(0, 1_000)
                                .mapToObj(i ->
                                        TestAgent.member("node-" + i, io.ringrift.agent.membership.MemberState.ALIVE))
                                .toList())));
                RawHttp raw = new RawHttp(agent.port())) {
            String many = "GET /status HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2_000);
            try {
                raw.send(many);
            } catch (IllegalStateException e) {
                // Cut off while still asking.
            }
            await().untilAsserted(() -> {
                agent.now.updateAndGet(now -> now.plusSeconds(2));
                assertThat(agent.metric("ringrift_http_connections_cut_total")).isPositive();
            });
            assertServes(agent);
        }
    }
}
