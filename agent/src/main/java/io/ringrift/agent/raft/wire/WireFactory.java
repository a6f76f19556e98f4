package io.ringrift.agent.raft.wire;

import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/** Gives a Ratis server its connections to the other peers: one message, one frame. */
public final class WireFactory implements ServerFactory {
    private final RpcType type;
    private final WireSettings settings;

    /** @param type what Ratis knows this way of connecting by */
    public WireFactory(RpcType type, WireSettings settings) {
        this.type = type;
        this.settings = settings;
    }

    @Override
    public RpcType getRpcType() {
        return type;
    }

    @Override
    public RaftServerRpc newRaftServerRpc(RaftServer server) {
        return new PeerRpc(type, server, settings);
    }

    @Override
    public LogAppender newLogAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
        return new LinkAppender((PeerRpc) server.getRaftServer().getServerRpc(), server, state, follower);
    }
}
