package io.ringrift.operator.apply;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.ringrift.operator.observe.AgentEndpoint;
import io.ringrift.operator.observe.AgentSync;
import io.ringrift.operator.observe.ClusterObservation;
import io.ringrift.operator.observe.PodObservation;
import io.ringrift.operator.roll.LeavingLeader;
import io.ringrift.operator.status.Transition;
import java.time.InstantSource;
import java.util.Optional;

/** Has a leader whose pod is on its way out hand leadership over, without waiting for it. May be called from any thread. */
public final class LeaderDrainer {
    private static final System.Logger LOG = System.getLogger(LeaderDrainer.class.getName());

    private final AgentSync agents;
    private final InstantSource clock;
    private final AskedPods asked = new AskedPods();

    public LeaderDrainer(AgentSync agents, InstantSource clock) {
        this.agents = agents;
        this.clock = clock;
    }

    /**
     * Asks once. Where that fails, as with an agent of before that knows nothing of it, the leader hands over when it is told to end.
     *
     * @param port of the agents' REST API
     * @return what was done
     */
    public Optional<Transition> drain(ResourceID cluster, ClusterObservation seen, int port) {
        return LeavingLeader.of(seen)
                .filter(pod -> asked.when(pod.uid()).isEmpty())
                .map(pod -> ask(cluster, pod, port));
    }

    private Transition ask(ResourceID cluster, PodObservation pod, int port) {
        asked.remember(pod.uid(), clock.instant());
        String name = pod.name();
        agents.drain(cluster, new AgentEndpoint(name, pod.uid(), pod.address().orElseThrow(), port))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.log(
                                System.Logger.Level.INFO,
                                "{0} {1}. It hands leadership over when it is told to end.",
                                name,
                                failure.getMessage());
                    }
                });
        return new Transition(
                false,
                "LeadershipHandOver",
                "Asked " + name + " to hand leadership over, because its pod is being deleted.");
    }
}
