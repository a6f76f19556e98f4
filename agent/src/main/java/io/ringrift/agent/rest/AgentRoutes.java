package io.ringrift.agent.rest;

import io.ringrift.agent.coordinator.AgentView;
import io.ringrift.agent.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** The table of the routes that need no Raft. */
final class AgentRoutes {
    private static final String OPENAPI = "openapi.json";

    private final Supplier<AgentView> view;
    private final Supplier<Duration> clock;
    private final Documents documents;
    private final EventStreams events;
    private final Metrics metrics;
    private final ConfigHandler config;
    private final MessageHandler messages;
    private final Supplier<Future<Void>> drain;

    AgentRoutes(RestServer.Dependencies dependencies, Documents documents, EventStreams events) {
        this.view = dependencies.view();
        this.clock = dependencies.clock();
        this.documents = documents;
        this.events = events;
        this.metrics = dependencies.metrics();
        this.config = dependencies.config();
        this.messages = dependencies.messages();
        this.drain = dependencies.drain();
    }

    List<Route> table() {
        return List.of(
                document("/status", seen -> documents.status(seen, clock.get())),
                document("/members", documents::members),
                document("/leader", documents::leader),
                document("/swim/status", documents::swimStatus),
                document("/swim/members", documents::swimMembers),
                document("/raft/status", documents::raftStatus),
                Route.read("/events", events::open),
                Route.read(
                        "/metrics",
                        request -> new Reply.Document(200, Metrics.CONTENT_TYPE, Buffer.buffer(metrics.scrape()))),
                // Live and started: the process answers. Never quorum: a restart would not bring it back.
                document("/health/live", seen -> new JsonObject().put("status", "live")),
                document("/health/startup", seen -> new JsonObject().put("status", "started")),
                document("/health/ready", AgentRoutes::ready),
                Route.read("/openapi.json", request -> new Reply.Document(200, "application/json", openApi())),
                new Route("PUT", "/config", Route.Access.CHANGE, pushedConfig(), Query.ANY, this::push),
                new Route("POST", "/drain", Route.Access.CHANGE, Body.NONE, Query.NONE, this::drain),
                new Route(
                        "POST",
                        "/cluster/messages",
                        Route.Access.PEER,
                        new Body.Json(Shape.anyObject(), true),
                        Query.ANY,
                        this::receive));
    }

    /** The document as it is served. */
    static Buffer openApi() {
        try (InputStream in = AgentRoutes.class.getResourceAsStream(OPENAPI)) {
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Route document(String path, Function<AgentView, JsonObject> document) {
        return Route.read(path, request -> Reply.ok(document.apply(view.get())));
    }

    private static JsonObject ready(AgentView view) {
        if (!view.joined()) {
            throw new ApiException(
                    ErrorCode.NOT_READY, "No peer was heard yet; this agent has no view of the cluster to offer.");
        }
        return new JsonObject().put("status", "ready");
    }

    private static Body pushedConfig() {
        return new Body.Json(
                Shape.of(
                        Shape.required("generation", Check.whole(0, Long.MAX_VALUE)),
                        Shape.required("keys", Check.textMap())),
                true);
    }

    private Future<Reply> push(Request request) {
        JsonObject body = (JsonObject) request.body();
        Map<String, String> keys = new HashMap<>();
        body.getJsonObject("keys").forEach(key -> keys.put(key.getKey(), (String) key.getValue()));
        return config.push(body.getLong("generation"), Map.copyOf(keys)).map(outcome -> switch (outcome) {
            case ConfigHandler.Applied applied -> Reply.ok(Documents.config(applied.status()));
            case ConfigHandler.Refused refused ->
                throw new ApiException(
                        ErrorCode.CONFIG_REFUSED,
                        "The configuration was refused, what ran keeps running: "
                                + String.join("; ", refused.refusal().problems()),
                        Documents.refusal(refused.refusal()));
        });
    }

    /** Who leads then, if anybody does. */
    private Future<Reply> drain(Request request) {
        return drain.get().map(done -> Reply.ok(documents.leader(view.get())));
    }

    private Future<Reply> receive(Request request) {
        return messages.receive((JsonObject) request.body(), request.remoteHost())
                .map(Reply::ok);
    }
}
