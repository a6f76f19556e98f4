package io.ringrift.operator.observe;

import io.ringrift.operator.observe.AgentReport.AgentModes;
import io.ringrift.operator.observe.AgentReport.Refusal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reports and pods for tests, from the few things that matter in each. */
public final class Reports {
    private Reports() {}

    /** An agent in stage 0 that sees all others of three alive. */
    public static AgentReport healthy(String node, long generation, String leader, long epoch) {
        Map<String, String> peers = new HashMap<>();
        List.of("demo-0", "demo-1", "demo-2").forEach(member -> peers.put(member, "ALIVE"));
        peers.remove(node);
        return of(node, generation, leader, epoch, peers);
    }

    /** An agent in stage 0. */
    public static AgentReport of(String node, long generation, String leader, long epoch, Map<String, String> peers) {
        Map<String, String> view = new HashMap<>(peers);
        view.put(node, "ALIVE");
        return new AgentReport(
                node,
                OptionalLong.of(generation),
                Optional.empty(),
                new AgentModes(false, "http", false, "bully"),
                false,
                true,
                Optional.ofNullable(leader),
                epoch,
                Optional.ofNullable(leader).map(any -> "bully"),
                Optional.empty(),
                List.of(),
                "v",
                view);
    }

    /** The same agent, which has refused a configuration. */
    public static AgentReport refusing(AgentReport report, long generation, String... problems) {
        return report.withRefused(Optional.of(new Refusal(OptionalLong.of(generation), List.of(problems))));
    }

    /** The same agent, which runs Raft beside Bully. */
    public static AgentReport withRaft(AgentReport report, AgentReport.RaftPeer raft) {
        return report.with()
                .modes(new AgentModes(false, "http", true, "bully"))
                .raft(Optional.of(raft))
                .build();
    }

    /** A ready pod, made at the beginning of time. */
    public static PodObservation pod(String name) {
        return pod(name, true, false, OptionalLong.empty());
    }

    /** A pod, made at the beginning of time. */
    public static PodObservation pod(String name, boolean ready, boolean leads, OptionalLong touched) {
        return new PodObservation(
                name, "uid-" + name, Instant.EPOCH, Optional.of("10.0.0.1"), false, ready, leads, touched);
    }

    /** A pod that was deleted and has not ended yet. */
    public static PodObservation leaving(String name) {
        return new PodObservation(
                name, "uid-" + name, Instant.EPOCH, Optional.of("10.0.0.1"), true, false, false, OptionalLong.empty());
    }

    /** Three members with ready pods, whose agents said that. */
    public static ClusterObservation three(AgentReport... reports) {
        List<String> members = List.of("demo-0", "demo-1", "demo-2");
        Map<String, PodObservation> pods = new HashMap<>();
        members.forEach(member -> pods.put(member, pod(member)));
        Map<String, AgentReply> replies = new HashMap<>();
        List.of(reports).forEach(report -> replies.put(report.nodeId(), new AgentReply.Reported(report)));
        return new ClusterObservation(members, pods, replies);
    }
}
