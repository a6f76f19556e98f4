package io.ringrift.agent.raft;

import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;

/**
 * Where snapshots lie, which remembers that there is none yet, too: Ratis asks before every append to every follower, and without this
 * each question reads the directory until the first snapshot is taken. Thread-safe.
 */
final class SnapshotFiles extends SimpleStateMachineStorage {
    private volatile Latest latest;

    /** @param snapshot null: none */
    private record Latest(SingleFileSnapshotInfo snapshot) {}

    @Override
    public SingleFileSnapshotInfo getLatestSnapshot() {
        Latest known = latest;
        return known == null ? super.getLatestSnapshot() : known.snapshot;
    }

    /** Called with what was written, received, or found in the directory. */
    @Override
    public synchronized SingleFileSnapshotInfo updateLatestSnapshot(SingleFileSnapshotInfo snapshot) {
        SingleFileSnapshotInfo newest = super.updateLatestSnapshot(snapshot);
        latest = new Latest(newest);
        return newest;
    }
}
