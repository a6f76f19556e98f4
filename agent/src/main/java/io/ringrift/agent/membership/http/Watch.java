package io.ringrift.agent.membership.http;

import io.ringrift.agent.config.AgentConfig.HttpPolling;
import io.ringrift.agent.membership.MemberState;
import java.time.Duration;
import java.util.Optional;

/** One peer as polling sees it. */
final class Watch {
    final Duration phase;
    boolean configured;
    Duration nextPoll;
    boolean polledBefore;
    /** Since when nothing was heard; the start of the watch where nothing ever was. */
    Duration silentSince;

    Optional<Duration> heardAt = Optional.empty();
    /** Heard, here or by another detector. */
    boolean everHeard;
    /** Empty: not a member yet. */
    Optional<MemberState> state = Optional.empty();

    Duration stateSince;
    /** When another detector heard its goodbye; empty: it did not, or it has answered since. */
    Optional<Duration> doubtedSince = Optional.empty();

    Watch(boolean configured, Duration phase, Duration now) {
        this.configured = configured;
        this.phase = phase;
        this.nextPoll = now;
        this.silentSince = now;
        this.stateSince = now;
    }

    /** Returns whether the state changed. */
    boolean enter(MemberState next, Duration now) {
        if (state.equals(Optional.of(next))) {
            return false;
        }
        state = Optional.of(next);
        stateSince = now;
        return true;
    }

    boolean isGone() {
        return state.filter(s -> s == MemberState.FAILED || s == MemberState.LEFT)
                .isPresent();
    }

    /** When silence changes its state; empty where it changes nothing any more. */
    Optional<Duration> nextJudgement(HttpPolling polling) {
        if (isGone()) {
            return Optional.empty();
        }
        boolean suspectFirst = everHeard && state.equals(Optional.of(MemberState.ALIVE));
        Duration due = silentSince.plus(suspectFirst ? polling.suspectAfter() : polling.failedAfter());
        return doubtedSince
                .map(since -> since.plus(HttpMembership.FAREWELL))
                .filter(farewell -> farewell.compareTo(due) < 0)
                .or(() -> Optional.of(due));
    }

    /** Returns whether the state changed. */
    boolean judge(HttpPolling polling, Duration now) {
        if (isGone()) {
            return false;
        }
        if (doubtedSince
                .filter(since -> now.minus(since).compareTo(HttpMembership.FAREWELL) >= 0)
                .isPresent()) {
            doubtedSince = Optional.empty();
            return enter(MemberState.LEFT, now);
        }
        Duration silence = now.minus(silentSince);
        if (silence.compareTo(polling.failedAfter()) >= 0) {
            return (everHeard || configured) && enter(MemberState.FAILED, now);
        }
        return everHeard && silence.compareTo(polling.suspectAfter()) >= 0 && enter(MemberState.SUSPECTED, now);
    }
}
