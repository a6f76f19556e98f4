package io.ringrift.agent.consensus.raft;

import static io.ringrift.agent.time.Durations.times;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * When a peer that closed itself, or could not start, is started again: three times quickly, then once a minute, so that a disk that
 * is full makes no crash loop. A peer that ran for a minute has a clean record.
 */
public final class Supervision {
    private static final int QUICK = 3;
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration SLOW = Duration.ofMinutes(1);

    /** Far longer than what Ratis needs for the step that is waited for, had it done it. */
    private static final Duration STUCK = Duration.ofSeconds(2);

    /** So long, and so many terms, may elections follow each other while nothing is committed: busy machines lose a few leaders in a row. */
    private static final Duration IN_VAIN = Duration.ofSeconds(20);

    private static final int TERMS_IN_VAIN = 20;

    /** What is to be done with the peer. */
    public enum Verdict {
        LEAVE,
        /** It closed itself or could not start, and its time has come. */
        START_AGAIN,
        /**
         * It was started with an empty disk and has become a voter: it has to be started from what its disk holds now, for until
         * then Ratis keeps it from standing for election.
         */
        START_AS_VOTER,
        /**
         * It was elected and does not lead: Ratis 3.3.0 swallows whatever fails between the two. It calls itself the leader from then on, and
         * by its vote and its log keeps others from being it.
         */
        GIVE_UP_LEAD,
        /**
         * A majority votes, term after term, and no leader commits anything, not even that it leads: somebody cannot send to somebody. Which of
         * them is not seen from here, so each starts again.
         */
        ELECTED_IN_VAIN
    }

    /** Where terms and log were when something was committed last. */
    private record Committed(long term, OptionalLong index, Duration seen) {}

    private int failures;
    private Optional<Duration> startedAt = Optional.empty();
    private Optional<Duration> restartAt = Optional.empty();
    private Optional<Duration> joinedAt = Optional.empty();
    private Optional<Duration> idleSince = Optional.empty();
    private Optional<Committed> committed = Optional.empty();

    /** The peer runs. */
    public void started(Duration now) {
        startedAt = startedAt.or(() -> Optional.of(now));
        restartAt = Optional.empty();
    }

    /** The peer does not run though it should. Returns whether that is news. */
    public boolean failed(Duration now) {
        if (restartAt.isPresent()) {
            return false;
        }
        if (startedAt.filter(since -> now.minus(since).compareTo(SLOW) >= 0).isPresent()) {
            failures = 0;
        }
        failures++;
        startedAt = Optional.empty();
        Duration wait = failures > QUICK ? SLOW : times(FIRST, 1L << (failures - 1));
        restartAt = Optional.of(now.plus(wait));
        return true;
    }

    /** Asked twice a second; says each thing once. */
    public Verdict look(RaftReport report, Duration now) {
        joinedAt = since(joinedAt, votesWhileStarting(report), now);
        idleSince = since(idleSince, leadsInNameOnly(report), now);
        if (restartAt.filter(at -> now.compareTo(at) >= 0).isPresent()) {
            restartAt = Optional.empty();
            return Verdict.START_AGAIN;
        }
        if (isStuck(joinedAt, now)) {
            joinedAt = Optional.empty();
            return Verdict.START_AS_VOTER;
        }
        if (isStuck(idleSince, now)) {
            idleSince = Optional.empty();
            return Verdict.GIVE_UP_LEAD;
        }
        return electsInVain(report, now) ? Verdict.ELECTED_IN_VAIN : Verdict.LEAVE;
    }

    /** A term rises when a majority has said that it would vote, so one that is cut off or alone is no such case. */
    private boolean electsInVain(RaftReport report, Duration now) {
        if (report.state() != RaftReport.State.RUNNING) {
            committed = Optional.empty();
            return false;
        }
        Committed last = committed
                .filter(before -> before.index.equals(report.commitIndex()))
                .orElseGet(() -> new Committed(report.term(), report.commitIndex(), now));
        boolean inVain = report.term() - last.term >= TERMS_IN_VAIN
                && now.minus(last.seen).compareTo(IN_VAIN) >= 0;
        committed = inVain ? Optional.empty() : Optional.of(last);
        return inVain;
    }

    private static boolean votesWhileStarting(RaftReport report) {
        return report.state() == RaftReport.State.STARTING
                && report.disk()
                        .filter(disk -> report.voters().contains(disk.self()))
                        .isPresent();
    }

    /** A peer that begins to lead names itself before it does anything else. */
    private static boolean leadsInNameOnly(RaftReport report) {
        return report.role() == RaftRole.LEADER && report.leader().isEmpty();
    }

    private static Optional<Duration> since(Optional<Duration> before, boolean holds, Duration now) {
        return holds ? before.or(() -> Optional.of(now)) : Optional.empty();
    }

    private static boolean isStuck(Optional<Duration> since, Duration now) {
        return since.filter(then -> now.minus(then).compareTo(STUCK) >= 0).isPresent();
    }

    /** Another peer is wanted, or none: what was is forgotten. */
    public void reset() {
        failures = 0;
        startedAt = Optional.empty();
        restartAt = Optional.empty();
        joinedAt = Optional.empty();
        idleSince = Optional.empty();
        committed = Optional.empty();
    }

    /** How often in a row it failed. */
    public int failures() {
        return failures;
    }
}
