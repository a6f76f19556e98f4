package io.ringrift.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Asks every agent again and again who leads, and keeps what must never be: two that act in one epoch, an epoch that falls. */
final class LeaderRecord implements AutoCloseable {
    /** Often enough to see two actors, seldom enough to leave the machine to them. */
    private static final long BETWEEN_ROUNDS = 20_000_000;

    private final List<AgentProcess> agents;
    private final Map<Long, String> actors = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::run);
    private long highest;
    private volatile boolean ended;

    LeaderRecord(List<AgentProcess> agents) {
        this.agents = agents;
    }

    LeaderRecord start() {
        thread.start();
        return this;
    }

    private void run() {
        while (!ended) {
            agents.forEach(this::ask);
            LockSupport.parkNanos(BETWEEN_ROUNDS);
        }
    }

    private void ask(AgentProcess agent) {
        Optional<JsonObject> answer = agent.get("/leader");
        if (answer.isEmpty() || !answer.get().getBoolean("is_self")) {
            return;
        }
        long epoch = answer.get().getLong("epoch");
        String before = actors.putIfAbsent(epoch, agent.nodeId());
        if (before != null && !before.equals(agent.nodeId())) {
            violations.add(before + " and " + agent.nodeId() + " acted in epoch " + epoch);
        }
        if (epoch < highest) {
            violations.add(agent.nodeId() + " acts in epoch " + epoch + " after " + highest);
        }
        highest = Math.max(highest, epoch);
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void assertSafe() {
        assertThat(violations).isEmpty();
    }
}
