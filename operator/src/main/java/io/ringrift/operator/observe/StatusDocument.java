package io.ringrift.operator.observe;

import io.ringrift.operator.observe.AgentReport.AgentModes;
import io.ringrift.operator.observe.AgentReport.RaftPeer;
import io.ringrift.operator.observe.AgentReport.Refusal;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Reads an agent's {@code GET /status}. What an agent of another version leaves out or adds does no harm. */
final class StatusDocument {
    private static final int MOST_PROBLEMS = 20;
    private static final int LONGEST_PROBLEM = 500;
    private static final int MOST_VOTERS = 100;
    private static final long COARSE = 1_000;

    private StatusDocument() {}

    /**
     * @param body JSON
     * @throws IllegalArgumentException if it is not such a document
     */
    static AgentReport read(String body) {
        try {
            return report(new JsonObject(body));
        } catch (DecodeException | ClassCastException e) {
            throw new IllegalArgumentException("the agent's status is not what agents send: " + e.getMessage(), e);
        }
    }

    /**
     * Reads an agent's {@code GET /raft/status}.
     *
     * @throws IllegalArgumentException if it is not such a document
     */
    static RaftStanding raft(String body) {
        try {
            JsonObject status = new JsonObject(body);
            return new RaftStanding(
                    status.getString("role", "none"),
                    number(status, "commit_index"),
                    number(status, "applied_index"),
                    array(status, "voters").stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet()));
        } catch (DecodeException | ClassCastException e) {
            throw new IllegalArgumentException("the agent's Raft status is not what agents send: " + e.getMessage(), e);
        }
    }

    private static AgentReport report(JsonObject status) {
        JsonObject swimRaft = object(status, "swim_raft");
        JsonObject swim = object(swimRaft, "swim");
        JsonObject raft = object(swimRaft, "raft");
        JsonObject hybrid = object(swimRaft, "hybrid_status");
        JsonObject leader = object(status, "leader");
        JsonObject config = object(status, "config");
        String nodeId = status.getString("node_id");
        if (nodeId == null) {
            throw new IllegalArgumentException("the agent's status names no node_id");
        }
        return new AgentReport(
                nodeId,
                number(config, "generation"),
                Optional.ofNullable(config.getJsonObject("refused")).map(StatusDocument::refusal),
                new AgentModes(
                        swim.getBoolean("enabled", false),
                        swimRaft.getString("membership_mode", ""),
                        raft.getBoolean("enabled", false),
                        swimRaft.getString("consensus_mode", "")),
                hybrid.getBoolean("swim_fallback_active", false),
                hybrid.getBoolean("raft_fallback_active", false),
                Optional.ofNullable(leader.getString("id")),
                leader.getLong("epoch", 0L),
                Optional.ofNullable(leader.getString("source")),
                raft.getBoolean("enabled", false) ? Optional.of(raft(raft)) : Optional.empty(),
                fallbacks(status, swimRaft),
                status.getString("view_hash", ""),
                view(nodeId, status));
    }

    private static RaftPeer raft(JsonObject raft) {
        return new RaftPeer(
                raft.getBoolean("available", false),
                Optional.ofNullable(raft.getString("message")).map(StatusDocument::shorten),
                Optional.ofNullable(raft.getString("leader")),
                raft.getLong("term", 0L),
                array(raft, "voters").stream()
                        .limit(MOST_VOTERS)
                        .map(String::valueOf)
                        .collect(Collectors.toUnmodifiableSet()),
                coarse(number(raft, "commit_index")),
                coarse(number(raft, "applied_index")),
                raft.getBoolean("data_lost", false));
    }

    private static OptionalLong coarse(OptionalLong index) {
        return index.isPresent() ? OptionalLong.of(index.getAsLong() / COARSE * COARSE) : index;
    }

    /** Where the mode asks for nothing better there is nothing to fall back from. */
    private static List<String> fallbacks(JsonObject status, JsonObject swimRaft) {
        JsonObject fallback = object(status, "fallback");
        List<String> reasons = new ArrayList<>(2);
        if (!"http".equals(swimRaft.getString("membership_mode"))) {
            reason(object(fallback, "membership"), "HTTP polling decides").ifPresent(reasons::add);
        }
        if (!"bully".equals(swimRaft.getString("consensus_mode"))) {
            reason(object(fallback, "consensus"), "Bully decides").ifPresent(reasons::add);
        }
        return reasons;
    }

    private static Optional<String> reason(JsonObject fallback, String otherwise) {
        return fallback.getBoolean("active", false)
                ? Optional.of(shorten(fallback.getString("reason", otherwise)))
                : Optional.empty();
    }

    private static Refusal refusal(JsonObject refused) {
        List<String> problems = array(refused, "problems").stream()
                .limit(MOST_PROBLEMS)
                .map(problem -> shorten(String.valueOf(problem)))
                .toList();
        return new Refusal(number(refused, "generation"), problems);
    }

    private static String shorten(String text) {
        return text.length() <= LONGEST_PROBLEM ? text : text.substring(0, LONGEST_PROBLEM) + "...";
    }

    private static Map<String, String> view(String nodeId, JsonObject status) {
        Map<String, String> states = new HashMap<>();
        for (Object peer : array(status, "peers")) {
            if (peer instanceof JsonObject object && object.getString("node_id") != null) {
                states.put(object.getString("node_id"), object.getString("state", "UNKNOWN"));
            }
        }
        // Whoever answers lives.
        states.put(nodeId, "ALIVE");
        return states;
    }

    private static JsonObject object(JsonObject parent, String key) {
        JsonObject object = parent.getJsonObject(key);
        return object == null ? new JsonObject() : object;
    }

    private static JsonArray array(JsonObject parent, String key) {
        JsonArray array = parent.getJsonArray(key);
        return array == null ? new JsonArray() : array;
    }

    private static OptionalLong number(JsonObject parent, String key) {
        Long number = parent.getLong(key);
        return number == null ? OptionalLong.empty() : OptionalLong.of(number);
    }
}
