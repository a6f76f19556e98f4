package io.ringrift.agent.raft.wire;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotResult;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppenderBase;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.raftlog.RaftLogIOException;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.util.Timestamp;

/**
 * Sends a leader's log to one follower: entries one message after the other, because those that come meanwhile share the next one, and heartbeats whatever becomes of
 * those, so that a follower whose disk is slow is still heard. Its thread sends, and the {@link Pulse} heartbeats to a follower at rest; answers are taken in on the
 * connection's. It wakes as seldom as it can: at rest that is most of what a leader costs.
 */
final class LinkAppender extends LogAppenderBase implements Pulse.Follower {
    /** A follower hears with the next entries what is committed; where none follow, after this time. */
    private static final long NEWS_MILLIS = 10;

    /** So often it sees to a follower that is left to the pulse: should the pulse have stopped, the follower's own thread goes on. */
    private static final long LOOK_MILLIS = 500;

    /** So long a heartbeat is sent again as it is, while nothing of what counts in it changes: how far the others are stands in it too. */
    private static final long SAME_MILLIS = 1_000;

    private final System.Logger log = System.getLogger(LinkAppender.class.getName());
    private final AtomicLong calls = new AtomicLong();
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final PeerRpc rpc;
    private final int heartbeatMillis;
    private volatile boolean entriesUnderWay;
    private volatile boolean silent;
    private volatile boolean relieved;
    private Heartbeat last = new Heartbeat(AppendEntriesRequestProto.getDefaultInstance(), -1, -1, 0);
    private boolean snapshotDelayed;

    /** What was said last, and of what; {@code nanos} is when it was made. */
    private record Heartbeat(AppendEntriesRequestProto message, long next, long committed, long nanos) {
        boolean saysThat(long nextIndex, long commitIndex) {
            return next == nextIndex
                    && committed == commitIndex
                    && System.nanoTime() - nanos < TimeUnit.MILLISECONDS.toNanos(SAME_MILLIS);
        }
    }

    LinkAppender(PeerRpc rpc, RaftServer.Division server, LeaderState state, FollowerInfo follower) {
        super(server, state, follower);
        this.rpc = rpc;
        this.heartbeatMillis = server.properties().minRpcTimeoutMs() / 2;
    }

    @Override
    public long getCallId() {
        return calls.get();
    }

    @Override
    public Comparator<Long> getCallIdComparator() {
        return Long::compare;
    }

    @Override
    public boolean hasPendingDataRequests() {
        return entriesUnderWay;
    }

    // ---- when to send

    /** Ratis counts from the last answer, and again from the last heartbeat; for that it has to wake twice as often. */
    @Override
    public long getHeartbeatWaitTimeMs() {
        return wanted.get() ? 0 : heartbeatMillis - sinceSentMillis();
    }

    private long sinceSentMillis() {
        return getFollower().getLastRpcSendTime().elapsedTimeMs();
    }

    @Override
    public boolean shouldSendAppendEntries() {
        return hasAppendEntries() || getHeartbeatWaitTimeMs() <= 0;
    }

    @Override
    public void triggerHeartbeat() {
        if (wanted.compareAndSet(false, true)) {
            notifyLogAppender();
        }
    }

    /** Called with every change of any index; most are of no interest here. */
    @Override
    public void notifyLogAppender() {
        if (wanted.get() || !entriesUnderWay && hasAppendEntries()) {
            super.notifyLogAppender();
        }
    }

    // ---- left to the pulse

    @Override
    public long beat() {
        boolean left = isAtRest();
        boolean givenBack = relieved && !left;
        relieved = left;
        if (givenBack) {
            super.notifyLogAppender();
        }
        // A quarter is soon: so all are sent one after the other, and the pulse wakes once for them.
        if (left && sinceSentMillis() >= heartbeatMillis / 4) {
            sendHeartbeat();
        }
        return left ? heartbeatMillis - sinceSentMillis() : heartbeatMillis;
    }

    /** It has everything and answers: one that does not could fill its connection, and the pulse must not wait. */
    private boolean isAtRest() {
        return isRunning()
                && !entriesUnderWay
                && !wanted.get()
                && !hasAppendEntries()
                && getFollower().getLastRpcResponseTime().elapsedTimeMs() < 2L * heartbeatMillis;
    }

    private boolean isLeftToThePulse() {
        return relieved && sinceSentMillis() < 2L * heartbeatMillis;
    }

    private long waitMillis() {
        long heartbeat = isLeftToThePulse() ? LOOK_MILLIS : getHeartbeatWaitTimeMs();
        long news = getFollower().getCommitIndex() < getRaftLog().getNextIndex() - 1
                ? NEWS_MILLIS - sinceSentMillis()
                : heartbeat;
        return Math.max(1, news > 0 ? Math.min(news, heartbeat) : heartbeat);
    }

    private boolean hasNews() {
        return sinceSentMillis() >= NEWS_MILLIS
                && getFollower().getCommitIndex()
                        < Math.min(
                                getRaftLog().getLastCommittedIndex(),
                                getFollower().getMatchIndex());
    }

    @Override
    public void run() throws InterruptedException {
        rpc.pulse().join(this);
        try {
            while (isRunning()) {
                boolean whole = entriesUnderWay || !shouldSendAppendEntries() || !needsSnapshot();
                if (getHeartbeatWaitTimeMs() <= 0 || hasNews()) {
                    sendHeartbeat();
                }
                if (whole && !entriesUnderWay && hasAppendEntries()) {
                    sendEntries();
                }
                getEventAwaitForSignal().await(waitMillis(), TimeUnit.MILLISECONDS);
                getLeaderState().checkHealth(getFollower());
            }
        } finally {
            rpc.pulse().leave(this);
        }
    }

    /** Whether it still lacks a snapshot, after an attempt to send it: what comes before its entries may be purged here. */
    private boolean needsSnapshot() {
        SnapshotInfo snapshot = shouldInstallSnapshot();
        return snapshot != null && !install(snapshot);
    }

    // ---- entries and heartbeats

    private void sendHeartbeat() {
        try {
            AppendEntriesRequestProto heartbeat = heartbeat();
            Timestamp sent = sending(true);
            rpc.beat(heartbeat).whenComplete((reply, failure) -> settle(heartbeat, sent, reply, failure));
        } catch (RaftLogIOException purged) {
            unreadable(purged);
        }
    }

    /** The one before, where it says the same: then it is sent in a few bytes, and neither side makes, writes or reads it once more. */
    private synchronized AppendEntriesRequestProto heartbeat() throws RaftLogIOException {
        long next = getFollower().getNextIndex();
        long committed = getRaftLog().getLastCommittedIndex();
        // First: what is wanted from now on is another one, with a call's number of its own.
        boolean counted =
                wanted.getAndSet(false) || entriesUnderWay || getLeaderState().isFollowerBootstrapping(getFollower());
        if (counted || !last.saysThat(next, committed)) {
            AppendEntriesRequestProto message = newAppendEntriesRequest(calls.getAndIncrement(), true);
            last = new Heartbeat(message, counted ? -1 : next, committed, System.nanoTime());
        }
        return last.message;
    }

    private void sendEntries() {
        try {
            AppendEntriesRequestProto request = newAppendEntriesRequest(calls.getAndIncrement(), false);
            if (request != null) {
                entriesUnderWay = request.getEntriesCount() > 0;
                Timestamp sent = sending(!entriesUnderWay);
                rpc.append(request).whenComplete((reply, failure) -> settle(request, sent, reply, failure));
            }
        } catch (RaftLogIOException purged) {
            unreadable(purged);
        }
    }

    private Timestamp sending(boolean heartbeat) {
        Timestamp now = Timestamp.currentTime();
        getFollower().updateLastRpcSendTime(heartbeat);
        return now;
    }

    /**
     * The next look finds that a snapshot is needed. To fail here would take this follower out of Ratis' sight for a moment, and a newcomer would count as up to date.
     */
    private void unreadable(RaftLogIOException purged) {
        log.log(Level.INFO, "[Raft] An entry for {0} cannot be read: {1}", getFollowerId(), purged.getMessage());
    }

    private void settle(
            AppendEntriesRequestProto request, Timestamp sent, AppendEntriesReplyProto reply, Throwable failure) {
        try {
            if (failure != null) {
                unheard(failure);
            } else {
                heard(request, sent, reply);
            }
        } catch (RuntimeException defect) {
            log.log(Level.ERROR, "[Raft] Unexpected, of an answer from " + getFollowerId(), defect);
        }
        if (request.getEntriesCount() > 0) {
            entriesUnderWay = false;
        }
        if (failure == null) {
            notifyLogAppender();
        }
    }

    private void heard(AppendEntriesRequestProto request, Timestamp sent, AppendEntriesReplyProto reply) {
        silent = false;
        FollowerInfo follower = getFollower();
        follower.updateLastRespondedAppendEntriesSendTime(sent);
        follower.updateLastRpcResponseTime();
        if (!isRunning()) {
            return;
        }
        switch (reply.getResult()) {
            case SUCCESS -> {
                getLeaderState().onFollowerCommitIndex(follower, reply.getFollowerCommit());
                if (follower.updateMatchIndex(reply.getMatchIndex())) {
                    follower.updateNextIndex(reply.getMatchIndex() + 1);
                    getLeaderState().onFollowerSuccessAppendEntries(follower);
                }
            }
            case INCONSISTENCY -> {
                long first =
                        request.getEntriesCount() > 0 ? request.getEntries(0).getIndex() : RaftLog.INVALID_LOG_INDEX;
                follower.setNextIndex(getNextIndexForInconsistency(first, reply.getNextIndex()));
            }
            case NOT_LEADER -> onFollowerTerm(reply.getTerm());
            case UNRECOGNIZED -> log.log(Level.WARNING, "[Raft] {0} answers what is not known here", getFollowerId());
        }
        getLeaderState().onAppendEntriesReply(this, reply);
    }

    /** It is tried again with the next heartbeat. */
    private void unheard(Throwable why) {
        if (!silent && isRunning()) {
            silent = true;
            log.log(Level.INFO, "[Raft] {0} does not hear its leader: {1}", getFollowerId(), why.getMessage());
        }
    }

    // ---- snapshots

    private boolean install(SnapshotInfo snapshot) {
        FollowerInfo follower = getFollower();
        try {
            String id = UUID.randomUUID().toString();
            for (InstallSnapshotRequestProto part : newInstallSnapshotRequests(id, snapshot)) {
                follower.updateLastRpcSendTime(false);
                InstallSnapshotReplyProto reply = rpc.installSnapshot(part);
                follower.updateLastRpcResponseTime();
                if (!reply.getServerReply().getSuccess()) {
                    refused(reply);
                    return false;
                }
            }
            follower.setSnapshotIndex(snapshot.getTermIndex().getIndex());
            follower.setAttemptedToInstallSnapshot();
            snapshotDelayed = false;
            log.log(Level.INFO, "[Raft] {0} has the snapshot of {1}", getFollowerId(), snapshot.getTermIndex());
            return true;
        } catch (IOException | RuntimeException failed) {
            delayed(failed.getMessage());
            return false;
        }
    }

    /** It is tried again with the next heartbeat. */
    private void delayed(String why) {
        if (!snapshotDelayed) {
            snapshotDelayed = true;
            log.log(Level.INFO, "[Raft] {0} has not got the snapshot yet: {1}", getFollowerId(), why);
        }
    }

    private void refused(InstallSnapshotReplyProto reply) {
        delayed("it answers " + reply.getResult());
        if (reply.getResult() == InstallSnapshotResult.NOT_LEADER) {
            onFollowerTerm(reply.getTerm());
        }
    }
}
