package io.ringrift.operator.kube;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What of an agent the operator sees: {@code GET /status}, {@code GET /events} and {@code PUT /config} on a loopback address. It applies what it is
 * pushed, unless it was told to refuse.
 */
public final class FakeAgent implements AutoCloseable {
    private final String nodeId;
    private final String token;
    private final HttpServer server;
    private final Map<String, String> peers = new ConcurrentHashMap<>();
    private final AtomicInteger pushes = new AtomicInteger();
    private final AtomicInteger drains = new AtomicInteger();
    private volatile long generation;
    private volatile Map<String, String> keys;
    private volatile Optional<String> leader = Optional.empty();
    private volatile long epoch;
    private volatile Optional<String> refusing = Optional.empty();
    private volatile Optional<JsonObject> refused = Optional.empty();
    private volatile Optional<String> fallback = Optional.empty();
    private volatile Optional<String> raftTrouble = Optional.empty();
    private volatile boolean raftDataLost;
    private volatile boolean pushBlocked;
    private final List<String> modes = new CopyOnWriteArrayList<>();
    private final Set<HttpServerResponse> streams = ConcurrentHashMap.newKeySet();
    private volatile Optional<String> successor = Optional.empty();
    private volatile boolean behind;

    /**
     * @param document the configuration it starts with, as its mounted directory shows it
     * @param token the credential that pushes must bring
     * @param tls certificate and key in PEM; empty: plain HTTP
     */
    FakeAgent(
            Vertx vertx,
            String nodeId,
            String address,
            int port,
            Map<String, String> document,
            String token,
            Optional<Map<String, String>> tls) {
        this.nodeId = nodeId;
        this.token = token;
        this.generation = Long.parseLong(document.get("RINGRIFT_CONFIG_GENERATION"));
        this.keys = document;
        HttpServerOptions options = new HttpServerOptions();
        tls.ifPresent(pem -> options.setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertValue(Buffer.buffer(pem.get("tls.crt")))
                        .setKeyValue(Buffer.buffer(pem.get("tls.key")))));
        this.server = vertx.createHttpServer(options)
                .requestHandler(this::answer)
                .listen(port, address)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** From now on it says that this member leads under that epoch. */
    public void follow(String newLeader, long newEpoch) {
        leader = Optional.ofNullable(newLeader);
        epoch = newEpoch;
        tell("leader", leadership());
    }

    /** From now on it holds the peer to be in that state. */
    public void see(String peer, String state) {
        peers.put(peer, state);
        tell("member", new JsonObject().put("node_id", peer).put("state", state));
    }

    /** From now on it refuses every configuration that turns SWIM on, for that reason. */
    public void refuse(String problem) {
        refusing = Optional.of(problem);
    }

    /** From now on its SWIM does not work, and HTTP polling stands in for that reason; null: it works again. */
    public void fallBack(String reason) {
        fallback = Optional.ofNullable(reason);
    }

    /** From now on Raft does not work here, for that reason; null: it works again. */
    public void failRaft(String reason, boolean dataLost) {
        raftTrouble = Optional.ofNullable(reason);
        raftDataLost = dataLost;
    }

    /** The modes of every configuration that it was pushed and did not run yet, one after the other. */
    public List<String> modes() {
        return List.copyOf(modes);
    }

    /** How many follow its events. */
    public int followers() {
        return streams.size();
    }

    /** From now on its Raft peer lacks what the leader has committed, or lacks nothing. */
    public void behind(boolean lacking) {
        behind = lacking;
    }

    /** Whom it was asked to hand leadership over to. */
    public Optional<String> successor() {
        return successor;
    }

    /** How often it was asked to hand leadership over because its pod was deleted. */
    public int drains() {
        return drains.get();
    }

    /** From now on pushes fail, as behind a firewall. */
    public void blockPushes() {
        pushBlocked = true;
    }

    /** What its mounted directory would have brought it. */
    public void read(Map<String, String> document) {
        keys = document;
        generation = Long.parseLong(document.get("RINGRIFT_CONFIG_GENERATION"));
    }

    /** The configuration that it runs. */
    public long generation() {
        return generation;
    }

    /** One of the keys that it runs with. */
    public String key(String name) {
        return keys.get(name);
    }

    /** How many documents it was pushed. */
    public int pushes() {
        return pushes.get();
    }

    @Override
    public void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }

    private void answer(HttpServerRequest request) {
        switch (request.method().name() + " " + request.path()) {
            case "GET /status" -> request.response().end(status().toBuffer());
            case "GET /events" -> follow(request.response());
            case "GET /raft/status" -> request.response().end(raftStatus().toBuffer());
            case "POST /raft/transfer" -> request.body().onSuccess(body -> handOver(request, body));
            case "POST /drain" -> drain(request);
            case "PUT /config" -> request.body().onSuccess(body -> configure(request, body));
            default -> request.response().setStatusCode(404).end();
        }
    }

    private void follow(HttpServerResponse stream) {
        streams.add(stream);
        stream.closeHandler(closed -> streams.remove(stream));
        stream.setChunked(true).putHeader("Content-Type", "text/event-stream").write("retry: 1000\n\n");
        stream.write(event("leader", leadership()));
    }

    private JsonObject leadership() {
        return new JsonObject()
                .put("leader", leader.orElse(null))
                .put("epoch", epoch)
                .put("source", source());
    }

    private String source() {
        boolean bully = "bully".equals(keys.get("RINGRIFT_CONSENSUS_MODE"));
        return leader.map(any -> bully ? "bully" : "raft").orElse(null);
    }

    private void tell(String event, JsonObject data) {
        streams.forEach(stream -> stream.write(event(event, data)));
    }

    private static String event(String name, JsonObject data) {
        return "event: " + name + "\ndata: " + data.encode() + "\n\n";
    }

    private void configure(HttpServerRequest request, Buffer body) {
        if (pushBlocked) {
            request.connection().close();
            return;
        }
        if (!mayChange(request)) {
            return;
        }
        pushes.incrementAndGet();
        JsonObject document = body.toJsonObject();
        long pushed = document.getLong("generation");
        boolean swim = Boolean.parseBoolean(document.getJsonObject("keys").getString("RINGRIFT_SWIM_ENABLED"));
        if (refusing.isPresent() && swim) {
            refused = Optional.of(
                    new JsonObject().put("generation", pushed).put("problems", new JsonArray().add(refusing.get())));
            request.response().setStatusCode(409).end(status().toBuffer());
            return;
        }
        Map<String, String> pushedKeys = new ConcurrentHashMap<>();
        document.getJsonObject("keys").forEach(entry -> pushedKeys.put(entry.getKey(), (String) entry.getValue()));
        keys = pushedKeys;
        if (pushed != generation) {
            // A push whose answer was late comes again, and changes nothing.
            modes.add(pushedKeys.get("RINGRIFT_MEMBERSHIP_MODE") + " " + pushedKeys.get("RINGRIFT_CONSENSUS_MODE")
                    + (Boolean.parseBoolean(pushedKeys.get("RINGRIFT_RAFT_ENABLED")) ? " with Raft" : ""));
        }
        generation = pushed;
        refused = Optional.empty();
        request.response().end(status().getJsonObject("config").toBuffer());
    }

    private void handOver(HttpServerRequest request, Buffer body) {
        if (mayChange(request)) {
            successor = Optional.of(body.toJsonObject().getString("to"));
            request.response().end("{}");
        }
    }

    private void drain(HttpServerRequest request) {
        if (mayChange(request)) {
            drains.incrementAndGet();
            request.response().end("{}");
        }
    }

    private boolean mayChange(HttpServerRequest request) {
        boolean may = ("Bearer " + token).equals(request.getHeader("Authorization"));
        if (!may) {
            request.response().setStatusCode(401).end();
        }
        return may;
    }

    private JsonObject raftStatus() {
        return raft().put("role", leader.filter(nodeId::equals).isPresent() ? "leader" : "follower")
                .put("applied_index", behind ? 1 : 42);
    }

    private JsonObject raft() {
        boolean enabled = Boolean.parseBoolean(keys.get("RINGRIFT_RAFT_ENABLED"));
        JsonObject raft = new JsonObject().put("enabled", enabled);
        if (!enabled) {
            return raft.put("available", false);
        }
        List<String> voters = List.of(keys.get("RAFT_VOTERS").split(","));
        boolean knows = voters.contains(nodeId) || !"bully".equals(keys.get("RINGRIFT_CONSENSUS_MODE"));
        boolean works = knows && raftTrouble.isEmpty();
        raft.put("available", works)
                .put("data_lost", raftDataLost)
                .put("leader", works ? voters.getFirst() : null)
                .put("term", 3)
                .put("voters", new JsonArray(voters))
                .put("commit_index", voters.contains(nodeId) ? 42 : null)
                .put("applied_index", voters.contains(nodeId) ? 42 : null);
        return works ? raft : raft.put("message", raftTrouble.orElse("No voter says who leads Raft."));
    }

    private JsonObject status() {
        boolean swim = Boolean.parseBoolean(keys.get("RINGRIFT_SWIM_ENABLED"));
        boolean bully = "bully".equals(keys.get("RINGRIFT_CONSENSUS_MODE"));
        JsonArray others = new JsonArray();
        peers.forEach((peer, state) ->
                others.add(new JsonObject().put("node_id", peer).put("state", state)));
        return new JsonObject()
                .put("node_id", nodeId)
                .put("uptime_seconds", System.nanoTime() / 1e9)
                .put(
                        "leader",
                        new JsonObject()
                                .put("id", leader.orElse(null))
                                .put("epoch", epoch)
                                .put("source", source()))
                .put("config", new JsonObject().put("generation", generation).put("refused", refused.orElse(null)))
                .put("view_hash", "v")
                .put(
                        "fallback",
                        new JsonObject()
                                .put(
                                        "membership",
                                        new JsonObject()
                                                .put("active", fallback.isPresent())
                                                .put("reason", fallback.orElse(null))))
                .put(
                        "swim_raft",
                        new JsonObject()
                                .put("membership_mode", keys.get("RINGRIFT_MEMBERSHIP_MODE"))
                                .put("consensus_mode", keys.get("RINGRIFT_CONSENSUS_MODE"))
                                .put(
                                        "swim",
                                        new JsonObject().put("enabled", swim).put("available", swim))
                                .put("raft", raft())
                                .put(
                                        "hybrid_status",
                                        new JsonObject()
                                                .put("swim_fallback_active", false)
                                                .put("raft_fallback_active", bully)))
                .put("peers", others);
    }
}
