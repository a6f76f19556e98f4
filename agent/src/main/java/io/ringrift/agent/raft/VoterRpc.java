package io.ringrift.agent.raft;

import io.ringrift.agent.raft.wire.WireFactory;
import io.ringrift.agent.raft.wire.WireSettings;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/**
 * The connections between peers, with an ear at what a leader hears of its followers: when that was sent what each answered last as one who follows, which is what a
 * lease counts from. Made by Ratis from its name.
 */
public final class VoterRpc implements RpcType {
    @Override
    public String name() {
        return "RINGRIFT";
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        Followers followers = parameters.getNonNull(Followers.class.getName(), Followers.class);
        WireSettings settings = parameters.getNonNull(WireSettings.class.getName(), WireSettings.class);
        return new Attentive(this, new WireFactory(this, settings), followers);
    }

    private record Attentive(RpcType type, ServerFactory wires, Followers followers) implements ServerFactory {
        @Override
        public RpcType getRpcType() {
            return type;
        }

        @Override
        public RaftServerRpc newRaftServerRpc(RaftServer server) {
            return wires.newRaftServerRpc(server);
        }

        @Override
        public LogAppender newLogAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
            followers.appendingTo(follower);
            return wires.newLogAppender(server, new AttentiveLeader(state, followers), follower);
        }
    }
}
