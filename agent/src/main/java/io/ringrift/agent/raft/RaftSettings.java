package io.ringrift.agent.raft;

import io.ringrift.agent.consensus.raft.RaftTimes;
import io.ringrift.agent.time.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Ratis' settings. Most close a trap that was measured; the rest keeps it small. */
final class RaftSettings {
    /** Entries between two snapshots, at most. */
    static final long SNAPSHOT_EVERY = 10_000;

    /** The largest command in bytes: a body of the REST API with everything that belongs to it fits well. */
    static final int MAX_COMMAND = 3 << 19;

    /** The largest entry in bytes: commands that share one are together no more than a single one may be. */
    static final int MAX_ENTRY = MAX_COMMAND + (1 << 16);

    private RaftSettings() {}

    static RaftProperties of(RaftTimes times, Path storage) {
        RaftProperties to = new RaftProperties();
        to.set(RaftConfigKeys.Rpc.TYPE_KEY, VoterRpc.class.getName());
        elections(to, times);
        log(to, storage);
        small(to);
        return to;
    }

    private static void elections(RaftProperties to, RaftTimes times) {
        RaftServerConfigKeys.Rpc.setTimeoutMin(to, time(times.min()));
        RaftServerConfigKeys.Rpc.setTimeoutMax(to, time(times.max()));
        // A cold process needs longer for its first connections than a warm one for an election.
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(to, time(Durations.times(times.min(), 2)));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(to, time(Durations.times(times.max(), 2)));
        RaftServerConfigKeys.Rpc.setRequestTimeout(to, time(Duration.ofSeconds(1)));
        RaftServerConfigKeys.LeaderElection.setPreVote(to, true);
        // The default of 10 s bars every voter from standing whenever one of three is down.
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(to, time(Durations.times(times.max(), 2)));
        RaftServerConfigKeys.setSleepDeviationThreshold(to, time(Duration.ofMillis(300)));
        // A process that was paused takes part again; by default its peer would close for good after a minute.
        RaftServerConfigKeys.setCloseThreshold(to, time(Duration.ofHours(1)));
        // The default sleeps up to 5 s, uninterruptibly, before it tries a peer that was down again.
        RaftServerConfigKeys.Log.Appender.setRetryPolicy(to, "1ms,10,100ms,100000");
        RaftServerConfigKeys.setStagingTimeout(to, time(Duration.ofSeconds(5)));
    }

    private static void log(RaftProperties to, Path storage) {
        RaftServerConfigKeys.setStorageDir(to, List.of(storage.toFile()));
        // By default every commit writes, syncs and replicates a second entry, which says that the first is committed.
        // A leader says so anyway, and after a restart whoever leads then.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(to, false);
        // By default a follower takes a leader's entry for one that another leader sent before, where that is still on
        // its way to the disk: it says to have what it has not, and applies the other one.
        RaftServerConfigKeys.Log.setAppendEntriesComposeEnabled(to, false);
        // By default an append waits until a millisecond has gone by since the last one.
        RaftServerConfigKeys.Log.Appender.setWaitTimeMin(to, TimeDuration.ZERO);
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(to, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(to, SNAPSHOT_EVERY);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(to, 2);
        RaftServerConfigKeys.Snapshot.setCreationGap(to, 1);
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(to, true);
        RaftServerConfigKeys.Log.setPurgePreservationLogNum(to, 1_000);
        RaftServerConfigKeys.Log.setPurgeGap(to, 1_000);
    }

    private static void small(RaftProperties to) {
        // Direct memory, resident from the start. Ratis wants it to hold the largest entry with length and checksum.
        RaftServerConfigKeys.Log.setWriteBufferSize(to, SizeInBytes.valueOf(MAX_ENTRY + 1_024));
        RaftServerConfigKeys.Log.setPreallocatedSize(to, SizeInBytes.valueOf("1MB"));
        RaftServerConfigKeys.Log.setSegmentSizeMax(to, SizeInBytes.valueOf("4MB"));
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(to, 1);
        RaftServerConfigKeys.Log.setQueueByteLimit(to, SizeInBytes.valueOf("4MB"));
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(to, SizeInBytes.valueOf(MAX_ENTRY));
        RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(to, SizeInBytes.valueOf("1MB"));
        // Nobody but this process proposes, and it never sends the same twice: what was answered need not be kept for a
        // minute.
        RaftServerConfigKeys.RetryCache.setExpiryTime(to, time(Duration.ofSeconds(1)));
        RaftServerConfigKeys.Write.setByteLimit(to, SizeInBytes.valueOf("16MB"));
        RaftServerConfigKeys.ThreadPool.setClientSize(to, 2);
        RaftServerConfigKeys.ThreadPool.setServerSize(to, 4);
        RaftServerConfigKeys.ThreadPool.setProxySize(to, 2);
    }

    private static TimeDuration time(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
