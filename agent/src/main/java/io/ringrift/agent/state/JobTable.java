package io.ringrift.agent.state;

import io.ringrift.agent.state.Answer.JobState;
import io.ringrift.agent.state.Job.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Jobs and the nodes that they were given to. */
final class JobTable {
    private static final int PAGE_BYTES = 1 << 20;
    private static final byte[] NOTHING = "null".getBytes(StandardCharsets.US_ASCII);

    private final Budget budget;
    private final NavigableMap<String, Job> jobs = new TreeMap<>();
    private final NavigableSet<Job> ended =
            new TreeSet<>(Comparator.comparingLong(Job::changedMillis).thenComparing(Job::id));

    JobTable(Budget budget) {
        this.budget = budget;
    }

    /** Gives a job to a node; one that is there already is given to this node from now on. */
    Job assign(String id, String node, byte[] details, long now) {
        return store(new Job(id, node, details, Status.ASSIGNED, now, now, NOTHING));
    }

    Job start(String id, Optional<String> node, long now) {
        Job job = in(id, node, "started", Set.of(Status.ASSIGNED));
        return store(job.with(Status.RUNNING, NOTHING, now));
    }

    Job end(String id, Optional<String> node, boolean success, byte[] outcome, long now) {
        Job job = success
                ? in(id, node, "completed", Set.of(Status.RUNNING))
                : in(id, node, "failed", Set.of(Status.ASSIGNED, Status.RUNNING));
        return store(job.with(success ? Status.COMPLETED : Status.FAILED, outcome, now));
    }

    /**
     * A page ends before its limit where its jobs grow large.
     *
     * @param down nodes that are FAILED or LEFT
     */
    Answer list(Optional<String> node, Optional<String> after, int limit, Set<String> down) {
        List<JobState> page = new ArrayList<>();
        int bytes = 0;
        NavigableMap<String, Job> from =
                after.map(id -> jobs.tailMap(id, false)).orElse(jobs);
        for (Job job : from.values()) {
            if (node.filter(wanted -> !wanted.equals(job.node())).isPresent()) {
                continue;
            }
            bytes += job.details().length + job.outcome().length;
            if (page.size() == limit || (bytes > PAGE_BYTES && !page.isEmpty())) {
                return new Answer.Jobs(page, true);
            }
            page.add(state(job, down));
        }
        return new Answer.Jobs(page, false);
    }

    static JobState state(Job job, Set<String> down) {
        return new JobState(job, !job.status().isFinished() && down.contains(job.node()));
    }

    /** Nodes with jobs that have not ended. */
    Set<String> nodes() {
        Set<String> nodes = new TreeSet<>();
        for (Job job : jobs.values()) {
            if (!job.status().isFinished()) {
                nodes.add(job.node());
            }
        }
        return nodes;
    }

    /** Forgets what ended long ago. */
    void advance(long now) {
        while (ended.size() > WorkIndex.KEPT_ITEMS
                || (!ended.isEmpty() && ended.first().changedMillis() + WorkIndex.KEPT_MILLIS <= now)) {
            remove(ended.first());
        }
    }

    void write(Encoder out) throws IOException {
        out.many(jobs.values(), (to, job) -> job.write(to));
    }

    /** Into an empty one. */
    void read(Decoder in) throws IOException {
        for (Job job : in.many(Job::read)) {
            put(job);
            budget.adjust(0, job.size());
        }
    }

    int size() {
        return jobs.size();
    }

    private Job store(Job job) {
        Job before = jobs.get(job.id());
        long size = before == null ? 0 : before.size();
        budget.require(job.size() - size);
        budget.adjust(size, job.size());
        if (before != null) {
            ended.remove(before);
        }
        put(job);
        return job;
    }

    private void put(Job job) {
        jobs.put(job.id(), job);
        if (job.status().isFinished()) {
            ended.add(job);
        }
    }

    private void remove(Job job) {
        jobs.remove(job.id());
        ended.remove(job);
        budget.adjust(job.size(), 0);
    }

    private Job in(String id, Optional<String> node, String what, Set<Status> from) {
        Job job = jobs.get(id);
        if (job == null) {
            throw new Refused(Answer.Code.NOT_FOUND, "There is no job " + id + ".");
        }
        if (node.filter(by -> !by.equals(job.node())).isPresent()) {
            throw new Refused(
                    Answer.Code.NOT_CLAIMANT,
                    "Job " + id + " was given to " + job.node() + ", so it cannot be " + what + " by " + node.get()
                            + ".",
                    Map.of("job_id", id, "node_id", job.node()));
        }
        if (!from.contains(job.status())) {
            String status = job.status().name().toLowerCase(Locale.ROOT);
            throw new Refused(
                    Answer.Code.WRONG_STATE,
                    "Job " + id + " is " + status + ", so it cannot be " + what + ".",
                    Map.of("job_id", id, "status", status));
        }
        return job;
    }
}
