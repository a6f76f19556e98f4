package io.ringrift.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.config.ConfigStatus;
import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.config.MembershipMode;
import io.ringrift.agent.coordinator.AgentView;
import io.ringrift.agent.security.Credential;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests are refused in one order, with one form of error, and nothing that is refused has an effect. */
class RequestChecksTest {
    private static final String TOO_LARGE = "{\"value\": \"" + "x".repeat(Body.MAX_BYTES) + "\"}";
    private static TestAgent agent;

    @BeforeAll
    static void start() {
        agent = TestAgent.standard();
    }

    @AfterAll
    static void stop() {
        agent.close();
    }

    private static HttpResponse<String> anonymous(String method, String path, String body) {
        return agent.send(
                HttpRequest.newBuilder(agent.uri(path)).method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private static void expect(HttpResponse<String> response, int status, String code) {
        JsonObject error = TestAgent.json(response);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(error.fieldNames()).containsExactlyInAnyOrder("error", "code", "details");
        assertThat(error.getString("code")).isEqualTo(code);
        assertThat(error.getString("error")).isNotBlank().endsWith(".");
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
    }

    @Test
    void eachCheckComesBeforeTheNext() {
        // Each request is wrong in every later way too.
        expect(anonymous("PUT", "/nothing/here", TOO_LARGE), 404, "NOT_FOUND");
        HttpResponse<String> method = anonymous("PATCH", "/kv/a", TOO_LARGE);
        expect(method, 405, "METHOD_NOT_ALLOWED");
        assertThat(method.headers().firstValue("allow")).contains("DELETE, GET, HEAD, PUT");
        HttpResponse<String> credential = anonymous("PUT", "/kv/a", TOO_LARGE);
        expect(credential, 401, "UNAUTHORIZED");
        assertThat(credential.headers().firstValue("www-authenticate")).isPresent();
        expect(agent.change("PUT", "/kv/a", TOO_LARGE), 413, "TOO_LARGE");
        expect(agent.change("PUT", "/kv/a", "{\"value\": "), 400, "INVALID_REQUEST");
        expect(agent.change("PUT", "/kv/a", "{\"value\": 1}"), 503, "RAFT_DISABLED");
    }

    @Test
    void withRaftOnButNotWorkingItIsAMissingQuorum() {
        try (TestAgent raft = new TestAgent(TestAgent.Setup.standard()
                .view(view -> view.withConfig(TestAgent.config(0, MembershipMode.HTTP, ConsensusMode.RAFT))
                        .with()
                        .raft(new AgentView.RaftView(
                                true, false, false, Optional.of("no leader since 3 s"), Optional.empty()))
                        .build()))) {
            HttpResponse<String> response = raft.get("/kv/a");
            expect(response, 503, "NO_QUORUM");
            assertThat(response.body()).contains("no leader since 3 s");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "{\"value\": 1} {",
                "{\"value\": 1}}",
                "{\"value\": 1, \"value\": 2}",
                "{value: 1}",
                "{\"value\": 1 /* why */}",
                "[1]",
                "\"text\"",
                "null",
                "{\"value\": NaN}",
                "{\"value\": 01}",
                "{\"other\": 1}",
                "{\"value\": 1, \"if_version\": -1}",
                "{\"value\": 1, \"if_version\": \"1\"}",
                "{\"value\": 1, \"more\": 2}",
                "{\"value\": 1, \"if_version\": 99999999999999999999}"
            })
    void badBodies(String body) {
        expect(agent.change("PUT", "/kv/a", body), 400, "INVALID_REQUEST");
    }

    @Test
    void nestingIsBounded() {
        int depth = StrictJson.MAX_NESTING - 1;
        assertThat(agent.change("PUT", "/kv/a", "{\"value\": " + "[".repeat(depth) + "]".repeat(depth) + "}")
                        .statusCode())
                .isEqualTo(503);
        expect(agent.change("PUT", "/kv/a", "{\"value\": " + "[".repeat(100_000)), 400, "INVALID_REQUEST");
    }

    @Test
    void everyBadFieldIsNamedAtOnce() {
        HttpResponse<String> response =
                agent.change("POST", "/work", "[{\"work_type\": \"\", \"priority\": 5000}, {\"prio\": 1}, 7]");
        expect(response, 400, "INVALID_REQUEST");
        assertThat(TestAgent.json(response)
                        .getJsonObject("details")
                        .getJsonObject("fields")
                        .fieldNames())
                .containsExactlyInAnyOrder("[0].work_type", "[0].priority", "[1].work_type", "[1].prio", "[2]");
        assertThat(response.body()).contains("a whole number from 0 to 1000, not 5000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/kv?limit=0",
                "/kv?limit=ten",
                "/kv?consistancy=stale",
                "/kv/a?consistency=weak",
                "/work?status=lost",
                "/work?node=A_B"
            })
    void badParameters(String path) {
        expect(agent.get(path), 400, "INVALID_REQUEST");
    }

    @Test
    void namesInPathsAreBounded() {
        expect(agent.get("/kv/" + "k".repeat(513)), 400, "INVALID_REQUEST");
        expect(agent.get("/kv/" + "k".repeat(512)), 503, "RAFT_DISABLED");
        expect(agent.get("/locks/" + "l".repeat(129)), 400, "INVALID_REQUEST");
    }

    @Test
    void goodParametersAndKeysWithSlashesPass() {
        for (String path : List.of(
                "/kv?prefix=a&limit=10&after=b", "/kv/a/b%20c/d?consistency=stale", "/work/stats", "/work/w-1")) {
            expect(agent.get(path), 503, "RAFT_DISABLED");
        }
    }

    @ParameterizedTest
    @CsvSource({"Ringrift-Epoch, -1", "Ringrift-Epoch, abc", "Ringrift-Epoch, 99999999999999999999"})
    void badHeaders(String name, String value) {
        expect(agent.send(HttpRequest.newBuilder(agent.uri("/kv/a")).header(name, value)), 400, "INVALID_REQUEST");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/json; charset=utf-8",
                "text/json",
                "application/x-www-form-urlencoded"
            })
    void contentTypesThatMayBeJsonPass(String type) {
        assertThat(withType(type).statusCode()).isEqualTo(503);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/xml", "multipart/form-data; boundary=x", "image/png"})
    void contentTypesThatAreNoJsonDoNot(String type) {
        expect(withType(type), 400, "INVALID_REQUEST");
    }

    private static HttpResponse<String> withType(String type) {
        return agent.send(HttpRequest.newBuilder(agent.uri("/kv/a"))
                .header("Authorization", "Bearer " + TestAgent.TOKEN)
                .header("Content-Type", type)
                .PUT(HttpRequest.BodyPublishers.ofString("{\"value\": 1}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer wrong-token-of-some-length", "Bearer", "Basic eDp5", "bearer  "})
    void wrongCredentials(String header) {
        HttpResponse<String> response = agent.send(HttpRequest.newBuilder(agent.uri("/config"))
                .header("Authorization", header)
                .PUT(HttpRequest.BodyPublishers.ofString("{}")));
        expect(response, 401, "UNAUTHORIZED");
        assertThat(response.body()).doesNotContain("wrong-token");
    }

    @Test
    void aBodyTooLargeIsRefusedHoweverItIsSent() {
        try (RawHttp raw = new RawHttp(agent.port())) {
            raw.send("PUT /kv/a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TestAgent.TOKEN
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "8000\r\n" + "x".repeat(0x8000) + "\r\n";
            for (int i = 0; i < 33; i++) {
                raw.send(chunk);
            }
            assertThat(raw.readHead()).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void whoWaitsToBeToldToSendIsToldFirst() {
        try (RawHttp raw = new RawHttp(agent.port())) {
            raw.send("PUT /kv/a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TestAgent.TOKEN
                    + "\r\nExpect: 100-continue\r\nContent-Length: 12\r\n\r\n");
            assertThat(raw.readHead()).startsWith("HTTP/1.1 100 ");
            raw.send("{\"value\": 1}");
            assertThat(raw.readHead()).startsWith("HTTP/1.1 503 ");
        }
        try (RawHttp raw = new RawHttp(agent.port())) {
            raw.send("PUT /kv/a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 12\r\n\r\n");
            assertThat(raw.readHead()).startsWith("HTTP/1.1 401 ").containsIgnoringCase("connection: close");
            assertThat(raw.closesWithin(Duration.ofSeconds(5))).isTrue();
        }
    }

    @Test
    void withoutACredentialLoopbackMayChangeAndABrowserMayNot() {
        try (TestAgent open = new TestAgent(TestAgent.Setup.standard().withoutToken())) {
            HttpRequest.Builder put = HttpRequest.newBuilder(open.uri("/kv/a"))
                    .PUT(HttpRequest.BodyPublishers.ofString("{\"value\": 1}"));
            expect(open.send(put), 503, "RAFT_DISABLED");
            try (RawHttp raw = new RawHttp(open.port())) {
                raw.send(
                        "PUT /kv/a HTTP/1.1\r\nHost: x\r\nOrigin: http://evil.example\r\nContent-Length: 12\r\n\r\n{\"value\": 1}");
                assertThat(raw.readHead()).startsWith("HTTP/1.1 401 ");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OPEN, 10.1.1.1, true", "CHANGE, 127.0.0.1, true", "CHANGE, 127.3.2.1, true", "CHANGE, ::1, true",
                "CHANGE, 0:0:0:0:0:0:0:1, true",
        "CHANGE, 10.0.0.7, false", "CHANGE, 10.1.1.1, false", "PEER, 10.0.0.7, true", "PEER, 10.1.1.1, false",
                "PEER, 127.0.0.1, true"
    })
    void whoMayDoWhatWithoutACredential(Route.Access access, String host, boolean allowed) {
        AccessRules rules = new AccessRules(new Credential(Optional.empty()), "10.0.0.7"::equals);
        assertThat(rules.refusal(access, MultiMap.caseInsensitiveMultiMap(), host, Duration.ZERO)
                        .isEmpty())
                .isEqualTo(allowed);
    }

    @Test
    void pushedConfigurationReachesItsHandler() {
        AtomicReference<Map<String, String>> seen = new AtomicReference<>();
        try (TestAgent configured = new TestAgent(TestAgent.Setup.standard().config((generation, keys) -> {
            seen.set(keys);
            return Future.succeededFuture(
                    generation > 100
                            ? new ConfigHandler.Refused(new ConfigStatus.Refusal(
                                    OptionalLong.of(generation),
                                    List.of("RINGRIFT_P2P_PORT cannot change while running: it needs a restart")))
                            : new ConfigHandler.Applied(
                                    new ConfigStatus(OptionalLong.of(generation), Optional.empty())));
        }))) {
            HttpResponse<String> applied = configured.change(
                    "PUT", "/config", "{\"generation\": 13, \"keys\": {\"RINGRIFT_LOG_LEVEL\": \"DEBUG\"}}");
            assertThat(applied.statusCode()).isEqualTo(200);
            assertThat(TestAgent.json(applied)).isEqualTo(new JsonObject("{\"generation\": 13, \"refused\": null}"));
            assertThat(seen.get()).isEqualTo(Map.of("RINGRIFT_LOG_LEVEL", "DEBUG"));
            HttpResponse<String> refused = configured.change("PUT", "/config", "{\"generation\": 101, \"keys\": {}}");
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(TestAgent.json(refused).getString("code")).isEqualTo("CONFIG_REFUSED");
            assertThat(TestAgent.json(refused).getJsonObject("details").getJsonArray("problems"))
                    .hasSize(1);
            seen.set(null);
            expect(
                    configured.change("PUT", "/config", "{\"generation\": 14, \"keys\": {\"A\": 1}}"),
                    400,
                    "INVALID_REQUEST");
            expect(configured.change("PUT", "/config", "{\"keys\": {}}"), 400, "INVALID_REQUEST");
            assertThat(seen.get()).isNull();
        }
    }

    @Test
    void whatAHandlerThrowsStaysInside() {
        try (TestAgent failing = new TestAgent(TestAgent.Setup.standard().messages((message, host) -> {
            throw new IllegalStateException("internal detail");
        }))) {
            HttpResponse<String> response = failing.change("POST", "/cluster/messages", "{}");
            expect(response, 500, "INTERNAL");
            assertThat(response.body()).doesNotContain("internal detail");
            assertThat(failing.get("/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void messagesReachTheirHandler() {
        HttpResponse<String> response = agent.change("POST", "/cluster/messages", "{\"type\": \"ELECTION\"}");
        assertThat(TestAgent.json(response).getJsonObject("echo").getString("type"))
                .isEqualTo("ELECTION");
    }
}
