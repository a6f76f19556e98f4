package io.ringrift.agent.raft;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;

/**
 * Lets through what voters say to each other, if this is the peer that is meant. Ratis answers for whichever peer was dialled; but the peer that was there
 * may have lost its disk, and the one that came after it must never vote or acknowledge in its name. What Ratis offers clients and administrators at
 * the same port is closed: nothing here uses it. Thread-safe.
 */
final class OnlyThisPeer implements ServerInterceptor {
    private final String self;

    OnlyThisPeer(RaftPeerId self) {
        this.self = self.toString();
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String service = call.getMethodDescriptor().getServiceName();
        if (!RaftServerProtocolServiceGrpc.SERVICE_NAME.equals(service)) {
            call.close(Status.UNIMPLEMENTED.withDescription(service + " is not offered here"), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        Counted<Q, R> counted = new Counted<>(call);
        return new Checked<>(counted, next.startCall(counted, headers));
    }

    private static final class Counted<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private final AtomicLong answers = new AtomicLong();

        private Counted(ServerCall<Q, R> call) {
            super(call);
        }

        @Override
        public void sendMessage(R message) {
            super.sendMessage(message);
            // Not before: nobody else may use the call while a message is being sent.
            answers.incrementAndGet();
        }
    }

    private final class Checked<Q, R> extends SimpleForwardingServerCallListener<Q> {
        private final Counted<Q, R> call;
        private boolean refused;
        private long requests;

        private Checked(Counted<Q, R> call, ServerCall.Listener<Q> delegate) {
            super(delegate);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            if (refused) {
                return;
            }
            String meant = request(message).getReplyId().toStringUtf8();
            refused = !meant.equals(self);
            if (refused) {
                call.close(
                        Status.FAILED_PRECONDITION.withDescription("this is " + self + ", not " + meant),
                        new Metadata());
            } else {
                requests++;
                super.onMessage(message);
            }
        }

        /**
         * Ratis writes the last answer of a stream out in words for its log, whatever the log's level, for which protobuf loads and makes 150
         * classes: a third of a second on every voter, at the very moment at which a leader has let go and the next one is to be elected.
         */
        @Override
        public void onHalfClose() {
            boolean stream = !call.getMethodDescriptor().getType().clientSendsOneMessage();
            if (!refused && stream && call.answers.get() == requests) {
                call.close(Status.OK, new Metadata());
            } else if (!refused) {
                super.onHalfClose();
            }
        }
    }

    /** Of a message that is none of those nobody is meant. */
    private static RaftRpcRequestProto request(Object message) {
        return switch (message) {
            case AppendEntriesRequestProto append -> append.getServerRequest();
            case RequestVoteRequestProto vote -> vote.getServerRequest();
            case InstallSnapshotRequestProto snapshot -> snapshot.getServerRequest();
            case StartLeaderElectionRequestProto stand -> stand.getServerRequest();
            case ReadIndexRequestProto read -> read.getServerRequest();
            default -> RaftRpcRequestProto.getDefaultInstance();
        };
    }
}
