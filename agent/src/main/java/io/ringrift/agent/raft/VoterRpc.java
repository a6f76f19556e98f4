package io.ringrift.agent.raft;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.rpc.SupportedRpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/**
 * gRPC, with an ear at what a leader hears of its followers: when that was sent what each answered last as one who follows, which is what a lease
 * counts from. Made by Ratis from its name.
 */
public final class VoterRpc implements RpcType {
    @Override
    public String name() {
        return SupportedRpcType.GRPC.name();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        Followers followers = parameters.getNonNull(Followers.class.getName(), Followers.class);
        return new GrpcFactory(parameters) {
            @Override
            public LogAppender newLogAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
                followers.appendingTo(follower);
                return super.newLogAppender(server, new AttentiveLeader(state, followers), follower);
            }
        };
    }
}
