package io.ringrift.agent.sim;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.config.AgentConfig.Bully;
import io.ringrift.agent.config.AgentConfig.BullyQuorum;
import io.ringrift.agent.config.AgentConfig.HttpPolling;
import io.ringrift.agent.config.AgentConfig.LogFormat;
import io.ringrift.agent.config.AgentConfig.Logging;
import io.ringrift.agent.config.AgentConfig.Network;
import io.ringrift.agent.config.AgentConfig.Peer;
import io.ringrift.agent.config.AgentConfig.Raft;
import io.ringrift.agent.config.AgentConfig.RaftProfile;
import io.ringrift.agent.config.AgentConfig.Security;
import io.ringrift.agent.config.AgentConfig.Swim;
import io.ringrift.agent.config.AgentConfig.SwimProfile;
import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.config.MembershipMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Configurations for tests: stage 0 unless a test says otherwise. */
public record Configs(
        String nodeId,
        Optional<String> host,
        int port,
        List<Peer> peers,
        HttpPolling http,
        MembershipMode membership,
        ConsensusMode consensus,
        Bully bully,
        Raft raft,
        OptionalLong generation) {

    public static Configs of(String nodeId, Peer... peers) {
        return new Configs(
                nodeId,
                Optional.of(nodeId),
                8770,
                List.of(peers),
                new HttpPolling(Duration.ofSeconds(15), Duration.ofSeconds(45), Duration.ofSeconds(75)),
                MembershipMode.HTTP,
                ConsensusMode.BULLY,
                new Bully(0, BullyQuorum.MAJORITY),
                new Raft(false, List.of(), RaftProfile.DEFAULT, 0),
                OptionalLong.empty());
    }

    public Configs host(Optional<String> other) {
        return new Configs(nodeId, other, port, peers, http, membership, consensus, bully, raft, generation);
    }

    public Configs port(int other) {
        return new Configs(nodeId, host, other, peers, http, membership, consensus, bully, raft, generation);
    }

    public Configs peers(List<Peer> others) {
        return new Configs(nodeId, host, port, others, http, membership, consensus, bully, raft, generation);
    }

    public Configs http(Duration interval, Duration suspectAfter, Duration failedAfter) {
        HttpPolling other = new HttpPolling(interval, suspectAfter, failedAfter);
        return new Configs(nodeId, host, port, peers, other, membership, consensus, bully, raft, generation);
    }

    public Configs modes(MembershipMode otherMembership, ConsensusMode otherConsensus) {
        Raft enabled = new Raft(
                otherConsensus != ConsensusMode.BULLY, raft.voters(), raft.profile(), raft.recoveryGeneration());
        return new Configs(
                nodeId, host, port, peers, http, otherMembership, otherConsensus, bully, enabled, generation);
    }

    public Configs raft(boolean enabled, List<String> voters, long recoveryGeneration) {
        Raft other = new Raft(enabled, voters, RaftProfile.DEFAULT, recoveryGeneration);
        return new Configs(nodeId, host, port, peers, http, membership, consensus, bully, other, generation);
    }

    public Configs bully(long priority, BullyQuorum quorum) {
        return new Configs(
                nodeId, host, port, peers, http, membership, consensus, new Bully(priority, quorum), raft, generation);
    }

    public Configs generation(long other) {
        return new Configs(nodeId, host, port, peers, http, membership, consensus, bully, raft, OptionalLong.of(other));
    }

    public AgentConfig build() {
        return new AgentConfig(
                generation,
                nodeId,
                "test",
                peers,
                new Network("127.0.0.1", host, port, 7947, 4321),
                membership,
                new Swim(
                        membership != MembershipMode.HTTP,
                        SwimProfile.DEFAULT,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(1),
                        3,
                        10),
                http,
                consensus,
                bully,
                raft,
                Path.of("unused"),
                new Security(Optional.empty(), Optional.empty(), Optional.empty()),
                new Logging(LogFormat.TEXT, System.Logger.Level.INFO));
    }
}
