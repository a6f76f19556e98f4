package io.ringrift.agent.coordinator;

import io.ringrift.agent.config.MembershipMode;
import io.ringrift.agent.membership.FailureDetector;
import io.ringrift.agent.membership.MembershipTable;
import io.ringrift.agent.membership.Verdict;
import io.ringrift.agent.membership.http.HttpMembership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides who is asked whether a member lives, and keeps the one table by what that one says. */
final class MembershipRouter {
    private final HttpMembership http;
    private final FailureDetector swim;
    private final MembershipTable table = new MembershipTable();
    private final Fallback fallback = new Fallback();
    private Feed last;

    /** What the table was filled from last. */
    private record Feed(FailureDetector detector, long version, Verdict self) {}

    MembershipRouter(HttpMembership http, FailureDetector swim) {
        this.http = http;
        this.swim = swim;
    }

    MembershipTable table() {
        return table;
    }

    FallbackState fallback() {
        return fallback.state();
    }

    /** Takes how SWIM does now; returns whether the fallback became active or ended. HTTP polls exactly while it is needed. */
    boolean observe(MembershipMode mode, Duration now) {
        boolean changed = mode == MembershipMode.HTTP ? fallback.end() : fallback.observe(trouble(), now);
        http.run(mode != MembershipMode.SWIM || fallback.isActive(), now);
        return changed;
    }

    /** Brings the table up to date with whoever decides, and with this node itself. */
    List<MembershipTable.Change> refresh(MembershipMode mode, Verdict self, Duration now) {
        boolean httpDecides = mode == MembershipMode.HTTP || fallback.isActive();
        FailureDetector detector = httpDecides ? http : swim;
        Feed feed = new Feed(detector, detector.version(), self);
        if (feed.equals(last)) {
            return List.of();
        }
        last = feed;
        List<Verdict> verdicts = new ArrayList<>(detector.verdicts());
        verdicts.add(self);
        return table.replace(verdicts, now);
    }

    Optional<Duration> nextDeadline() {
        return fallback.nextDeadline();
    }

    private Optional<String> trouble() {
        return swim.unavailable().map(why -> why + "; HTTP polling decides");
    }
}
