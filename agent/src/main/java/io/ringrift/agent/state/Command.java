package io.ringrift.agent.state;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What can be asked of the replicated state. JSON documents are bytes here: nobody on the log looks into them. */
public sealed interface Command {

    /** Changes nothing, so that it may be answered from what was applied here, where that is good enough. */
    sealed interface Read extends Command {}

    // ---------------------------------------------------------------- key-value

    /** @param ifVersion the version that the key must have; 0: it must not exist */
    record PutKey(String key, byte[] value, OptionalLong ifVersion) implements Command {}

    record DeleteKey(String key) implements Command {}

    record GetKey(String key) implements Read {}

    /** @param after the last key of the page before; keys come in the order of their UTF-16 code units */
    record ListKeys(String prefix, Optional<String> after, int limit) implements Read {}

    // ---------------------------------------------------------------- work

    /** All of them or none. */
    record AddWork(List<NewWork> items) implements Command {}

    /** @param id empty: one is made up */
    record NewWork(
            Optional<String> id, String type, byte[] config, int priority, int maxAttempts, long timeoutMillis) {}

    /** @param types empty: whatever there is */
    /** @param max as many at most; fewer where they are large */
    record ClaimWork(String node, Set<String> types, int max) implements Command {}

    record StartWork(String id, String node) implements Command {}

    record CompleteWork(String id, String node, byte[] result) implements Command {}

    record FailWork(String id, String node, byte[] error) implements Command {}

    record GetWork(String id) implements Read {}

    record ListWork(Optional<WorkItem.Status> status, Optional<String> node, Optional<String> after, int limit)
            implements Read {}

    record CountWork() implements Read {}

    // ---------------------------------------------------------------- jobs

    record AssignJob(String id, String node, byte[] details) implements Command {}

    /** @param node who says so; empty: whoever it was given to */
    record StartJob(String id, Optional<String> node) implements Command {}

    record EndJob(String id, Optional<String> node, boolean success, byte[] outcome) implements Command {}

    /** @param after the last id of the page before */
    record ListJobs(Optional<String> node, Optional<String> after, int limit) implements Read {}

    // ---------------------------------------------------------------- locks

    record AcquireLock(String name, String owner, long ttlMillis) implements Command {}

    record RenewLock(String name, String owner, long token) implements Command {}

    record ReleaseLock(String name, String owner, long token) implements Command {}

    record GetLock(String name) implements Read {}

    // ---------------------------------------------------------------- housekeeping, by the leader

    /** Nothing but the time that comes with its entry: what is overdue ends. */
    record Tick() implements Command {}

    /** Who is FAILED or LEFT, all of them: what they hold goes back to pending. */
    record NodesDown(Set<String> nodes) implements Command {}

    /** One piece of a backup, in order; the last one replaces keys, work, jobs and locks. */
    record Restore(long id, int piece, boolean last, byte[] content) implements Command {}
}
