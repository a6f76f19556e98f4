package io.ringrift.agent.history;

import io.ringrift.agent.process.AgentProcess;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Asks every agent again and again who leads. */
final class Observers {
    private static final long PAUSE = 50_000_000;

    private final HistoryCluster cluster;
    private final LeadershipLog log = new LeadershipLog();
    private long answers;
    private volatile boolean ended;

    Observers(HistoryCluster cluster) {
        this.cluster = cluster;
        cluster.agents()
                .forEach(agent -> Thread.ofPlatform().daemon().name("observer").start(() -> observe(agent)));
    }

    private void observe(AgentProcess agent) {
        while (!ended) {
            long wipes = cluster.wipes();
            boolean mayBeTwo = cluster.mayBeTwo();
            long call = System.nanoTime();
            Optional<JsonObject> answer = agent.get("/leader");
            long end = System.nanoTime();
            answer.filter(said -> said.getString("leader") != null)
                    .ifPresent(said -> note(new LeadershipLog.Said(
                            agent.nodeId() + "/" + wipes,
                            said.getString("leader"),
                            said.getLong("epoch"),
                            said.getBoolean("is_self") && !mayBeTwo && !cluster.mayBeTwo(),
                            call,
                            end)));
            LockSupport.parkNanos(PAUSE);
        }
    }

    private synchronized void note(LeadershipLog.Said said) {
        answers++;
        log.note(said);
    }

    synchronized long answers() {
        return answers;
    }

    synchronized List<String> violations() {
        return log.violations();
    }

    void end() {
        ended = true;
    }
}
