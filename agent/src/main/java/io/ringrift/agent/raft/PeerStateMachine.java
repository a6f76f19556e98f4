package io.ringrift.agent.raft;

import io.ringrift.agent.state.Applied;
import io.ringrift.agent.state.NewerEntryException;
import io.ringrift.agent.state.ReplicatedState;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;

/** Applies committed entries to the replicated state, keeps its snapshots, and says when something changed. */
final class PeerStateMachine extends BaseStateMachine {
    private final SnapshotFiles storage = new SnapshotFiles();
    private final ReplicatedState state = new ReplicatedState();
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final Map<Long, Pending> proposed = new ConcurrentHashMap<>();
    private final Runnable changed;
    private final java.util.function.Consumer<String> failed;
    private final EntryClock clock;
    private volatile long leaderSince = System.nanoTime();

    /**
     * @param clock what time it is for entries
     * @param changed called, from Ratis' threads, after anything that a report shows has changed
     * @param failed called with a sentence when the log cannot go on
     */
    PeerStateMachine(EntryClock clock, Runnable changed, java.util.function.Consumer<String> failed) {
        this.clock = clock;
        this.changed = changed;
        this.failed = failed;
    }

    /** Reads the applied state; return quickly, nothing is applied meanwhile. */
    <T> T read(Function<ReplicatedState, T> how) {
        lock.readLock().lock();
        try {
            return how.apply(state);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Expects the entry that is about to be sent under this call id. */
    Pending expect(long callId) {
        Pending pending = new Pending();
        proposed.put(callId, pending);
        return pending;
    }

    void forget(long callId) {
        proposed.remove(callId);
    }

    /** What time it is for entries. */
    EntryClock clock() {
        return clock;
    }

    /** {@link System#nanoTime()} at the last election of any leader. */
    long leaderSinceNanos() {
        return leaderSince;
    }

    // ---- Ratis

    @Override
    public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage raftStorage) throws IOException {
        super.initialize(server, groupId, raftStorage);
        getLifeCycle()
                .startAndTransition(
                        () -> {
                            storage.init(raftStorage);
                            load(storage.loadLatestSnapshot());
                        },
                        IOException.class);
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() throws IOException {
        load(storage.loadLatestSnapshot());
        if (getLifeCycleState() == LifeCycle.State.PAUSED) {
            getLifeCycle().transition(LifeCycle.State.STARTING);
            getLifeCycle().transition(LifeCycle.State.RUNNING);
        }
        changed.run();
    }

    @Override
    public SimpleStateMachineStorage getStateMachineStorage() {
        return storage;
    }

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        TransactionContext transaction = super.startTransaction(request);
        Pending pending = proposed.get(request.getCallId());
        if (pending != null) {
            transaction.setStateMachineContext(pending);
        }
        return transaction;
    }

    /** The last step before it is in the log: what was refused before surely is not. */
    @Override
    public TransactionContext preAppendTransaction(TransactionContext transaction) {
        if (transaction.getStateMachineContext() instanceof Pending pending) {
            pending.taken = true;
        }
        return transaction;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        Applied applied;
        lock.writeLock().lock();
        try {
            applied = state.apply(entry.getStateMachineLogEntry().getLogData().toByteArray());
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
            // One without requests, which begins an epoch, bears no time.
            if (!applied.results().isEmpty()) {
                clock.applied(state.nowMillis(), transaction.getStateMachineContext() != null);
            }
        } catch (NewerEntryException newer) {
            failed.accept(newer.getMessage());
            // Ratis closes the peer.
            throw newer;
        } finally {
            lock.writeLock().unlock();
        }
        if (transaction.getStateMachineContext() instanceof Pending pending) {
            pending.applied.complete(applied);
        }
        if (applied.results().isEmpty()) {
            changed.run();
        }
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    /** Written beside, synced, then swapped in: a crash at any moment leaves a whole one. */
    @Override
    public long takeSnapshot() throws IOException {
        TermIndex applied;
        File file;
        lock.readLock().lock();
        try {
            applied = getLastAppliedTermIndex();
            if (applied.getIndex() < 0) {
                return applied.getIndex();
            }
            file = storage.getSnapshotFile(applied.getTerm(), applied.getIndex());
            File written = new File(file.getParentFile(), file.getName() + ".writing");
            try (FileOutputStream bytes = new FileOutputStream(written);
                    OutputStream out = new BufferedOutputStream(bytes)) {
                state.writeSnapshot(out::write);
                out.flush();
                bytes.getFD().sync();
            }
            Files.move(written.toPath(), file.toPath(), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } finally {
            lock.readLock().unlock();
        }
        MD5Hash digest = MD5FileUtil.computeAndSaveMd5ForFile(file);
        storage.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file.toPath(), digest), applied));
        return applied.getIndex();
    }

    private void load(SingleFileSnapshotInfo snapshot) throws IOException {
        if (snapshot == null) {
            return;
        }
        File file = snapshot.getFile().getPath().toFile();
        if (snapshot.getFile().getFileDigest() != null) {
            MD5FileUtil.verifySavedMD5(file, snapshot.getFile().getFileDigest());
        }
        lock.writeLock().lock();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file.toPath()))) {
            state.readSnapshot(in::read);
            setLastAppliedTermIndex(SimpleStateMachineStorage.getTermIndexFromSnapshotFile(file));
            clock.applied(state.nowMillis(), false);
        } finally {
            lock.writeLock().unlock();
        }
    }

    // ---- events

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
        leaderSince = System.nanoTime();
        changed.run();
    }

    @Override
    public void notifyLeaderReady() {
        changed.run();
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        changed.run();
    }

    /** Counts nothing as applied: while a snapshot is taken over, Ratis tells of a configuration that is ahead of it. */
    @Override
    public void notifyConfigurationChanged(long term, long index, RaftConfigurationProto configuration) {
        changed.run();
    }

    @Override
    public void notifyLogFailed(Throwable cause, LogEntryProto entry) {
        failed.accept("Raft's log cannot be written: " + cause);
    }

    @Override
    public void notifyServerShutdown(RoleInfoProto role, boolean all) {
        changed.run();
    }
}
