package io.ringrift.operator.observe;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/** Many agents behind one server: each has a loopback address of its own, and the statuses are as long as real ones. */
final class AgentFarm implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final int agents;
    private final int port;
    private final AtomicLongArray generations;
    private final Set<HttpServerResponse> streams = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicLong requests = new AtomicLong();
    private volatile String leader = "many-0";
    private volatile long epoch = 1;

    AgentFarm(int agents) {
        this.agents = agents;
        this.generations = new AtomicLongArray(agents);
        this.port = vertx.createHttpServer()
                .connectionHandler(connection -> {
                    most.accumulateAndGet(connections.incrementAndGet(), Math::max);
                    connection.closeHandler(closed -> connections.decrementAndGet());
                })
                .requestHandler(this::answer)
                .listen(0, "0.0.0.0")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    List<AgentEndpoint> endpoints() {
        return IntStream.range(0, agents)
                .mapToObj(
                        i -> new AgentEndpoint("many-" + i, "uid-" + i, "127.2." + i / 250 + "." + (i % 250 + 1), port))
                .toList();
    }

    void lead(String newLeader, long newEpoch) {
        leader = newLeader;
        epoch = newEpoch;
        streams.forEach(stream -> stream.write("event: leader\ndata: {}\n\n"));
    }

    int connections() {
        return connections.get();
    }

    int mostConnections() {
        return most.get();
    }

    int streams() {
        return streams.size();
    }

    long requests() {
        return requests.get();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void answer(HttpServerRequest request) {
        String[] address = request.localAddress().hostAddress().split("\\.");
        int agent = Integer.parseInt(address[2]) * 250 + Integer.parseInt(address[3]) - 1;
        switch (request.method() + " " + request.path()) {
            case "GET /events" -> {
                streams.add(request.response());
                request.response().closeHandler(closed -> streams.remove(request.response()));
                request.response().setChunked(true).write("retry: 1000\n\n");
            }
            case "PUT /config" ->
                request.body().onSuccess(body -> {
                    requests.incrementAndGet();
                    generations.set(agent, body.toJsonObject().getLong("generation"));
                    request.response().end("{}");
                });
            default -> {
                requests.incrementAndGet();
                request.response().end(status(agent));
            }
        }
    }

    private Buffer status(int agent) {
        JsonArray peers = new JsonArray();
        IntStream.range(0, agents)
                .filter(peer -> peer != agent)
                .forEach(peer -> peers.add(new JsonObject()
                        .put("node_id", "many-" + peer)
                        .put("state", "ALIVE")
                        .put("membership_mode", "swim")
                        .put("consensus_mode", "raft")
                        .put("config_generation", generations.get(agent))));
        return new JsonObject()
                .put("node_id", "many-" + agent)
                .put(
                        "leader",
                        new JsonObject().put("id", leader).put("epoch", epoch).put("source", "raft"))
                .put("config", new JsonObject().put("generation", generations.get(agent)))
                .put("view_hash", "v")
                .put("peers", peers)
                .toBuffer();
    }
}
