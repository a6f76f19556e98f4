package io.ringrift.agent.coordinator;

import io.ringrift.agent.config.MembershipMode;
import io.ringrift.agent.membership.FailureDetector;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.membership.MembershipTable;
import io.ringrift.agent.membership.Verdict;
import io.ringrift.agent.membership.http.HttpMembership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides who is asked whether a member lives, and keeps the one table by what that one says.
 *
 * <p>Where the mode wants SWIM and it works, SWIM is asked about every peer that it covers: one that it knows, whose newest run it
 * knows, and that has not said goodbye to it. HTTP polling is asked about all others, so that nodes of all stages are in one
 * view. In mode swim, who is covered is not polled. In mode hybrid, who speaks over HTTP while SWIM accuses it is believed.
 */
final class MembershipRouter {
    /** So long after a goodbye over HTTP, SWIM may not have heard of it yet. */
    static final Duration GOODBYE_SPREADS = Duration.ofSeconds(10);

    private final HttpMembership http;
    private final FailureDetector swim;
    private final MembershipTable table = new MembershipTable();
    private final Fallback fallback = new Fallback();
    /** By node id, the incarnation whose goodbye to SWIM was seen. */
    private Map<String, Long> goodbyes = Map.of();
    /** Whom SWIM accuses; each was asked over HTTP at once. */
    private Set<String> accused = Set.of();

    private Sources sources;
    private Map<String, Verdict> covered = Map.of();
    private Optional<Duration> recheck = Optional.empty();
    private Optional<Feed> fed = Optional.empty();

    /** What {@link #covered} was made from. */
    private record Sources(MembershipMode mode, boolean swimDecides, long swim, long http) {}

    /** What the table was filled from last. */
    private record Feed(Map<String, Verdict> covered, long http, Verdict self) {}

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

    /** Takes how SWIM does now; returns whether the fallback became active or ended. HTTP polls exactly whom it has to. */
    boolean observe(MembershipMode mode, Duration now) {
        boolean changed = mode == MembershipMode.HTTP ? fallback.end() : fallback.observe(trouble(), now);
        cover(mode, now);
        http.spare(mode == MembershipMode.SWIM ? covered.keySet() : Set.of(), now);
        return changed;
    }

    /** Brings the table up to date with whoever decides, and with this node itself. */
    List<MembershipTable.Change> refresh(MembershipMode mode, Verdict self, Duration now) {
        cover(mode, now);
        Feed feed = new Feed(covered, http.version(), self);
        if (fed.filter(before -> before.covered == covered && before.equals(feed))
                .isPresent()) {
            return List.of();
        }
        fed = Optional.of(feed);
        List<Verdict> verdicts = new ArrayList<>();
        covered.values().stream()
                .map(verdict -> verdict.withConfigured(http.isConfigured(verdict.nodeId())))
                .filter(verdict -> isRemembered(verdict, now))
                .forEach(verdicts::add);
        Set<String> tcpAlone = mode == MembershipMode.HTTP ? Set.of() : tcpAlone();
        http.verdicts().stream()
                .filter(verdict -> !covered.containsKey(verdict.nodeId()))
                .map(verdict -> verdict.withUdpUnreachable(tcpAlone.contains(verdict.nodeId())))
                .forEach(verdicts::add);
        verdicts.add(self);
        return table.replace(verdicts, now);
    }

    Optional<Duration> nextDeadline() {
        Optional<Duration> end = fallback.nextDeadline();
        return recheck.filter(at -> end.isEmpty() || at.compareTo(end.get()) < 0)
                .or(() -> end);
    }

    /** Who says that this node itself lives. */
    Member.Source source(MembershipMode mode) {
        return mode == MembershipMode.HTTP || fallback.isActive() ? Member.Source.HTTP : Member.Source.SWIM;
    }

    /** Whether a peer that HTTP holds alive says that it asks SWIM, and has not said goodbye to it. */
    boolean swimIsExpected() {
        Set<String> gone = swim.verdicts().stream()
                .filter(verdict -> verdict.state() == MemberState.LEFT || verdict.state() == MemberState.FAILED)
                .map(Verdict::nodeId)
                .collect(Collectors.toSet());
        return http.verdicts().stream()
                .filter(verdict -> verdict.state() == MemberState.ALIVE && !gone.contains(verdict.nodeId()))
                .flatMap(verdict -> verdict.modes().stream())
                .anyMatch(modes -> modes.membership() != MembershipMode.HTTP);
    }

    private Optional<String> trouble() {
        return swim.unavailable().map(why -> why + "; HTTP polling decides");
    }

    /** Collects what SWIM says of the peers that it is asked about, where anything can have changed. */
    private void cover(MembershipMode mode, Duration now) {
        boolean swimDecides = mode != MembershipMode.HTTP && !fallback.isActive();
        Sources current = new Sources(mode, swimDecides, swim.version(), http.version());
        boolean due = recheck.filter(at -> at.compareTo(now) <= 0).isPresent();
        if (current.equals(sources) && !due) {
            return;
        }
        sources = current;
        recheck = Optional.empty();
        covered = swimDecides ? countingVerdicts(mode, now) : Map.of();
        if (swimDecides) {
            covered.values().forEach(verdict -> http.follow(verdict, now));
            noteGoodbyes(now);
        }
        if (swimDecides && mode == MembershipMode.HYBRID) {
            askAccused(now);
        }
    }

    private Map<String, Verdict> countingVerdicts(MembershipMode mode, Duration now) {
        Map<String, Verdict> byHttp = new HashMap<>();
        http.verdicts().forEach(verdict -> byHttp.put(verdict.nodeId(), verdict));
        Map<String, Verdict> counting = new HashMap<>();
        for (Verdict verdict : swim.verdicts()) {
            if (verdict.state() != MemberState.LEFT
                    && counts(verdict, byHttp.get(verdict.nodeId()), now)
                    && !(mode == MembershipMode.HYBRID && isOverruled(verdict))) {
                counting.put(verdict.nodeId(), verdict);
            }
        }
        return counting;
    }

    private boolean counts(Verdict bySwim, Verdict byHttp, Duration now) {
        if (byHttp == null) {
            return true;
        }
        boolean newerRunHeard = byHttp.incarnation() > bySwim.incarnation();
        boolean justLeft =
                byHttp.state() == MemberState.LEFT && now.minus(byHttp.since()).compareTo(GOODBYE_SPREADS) < 0;
        if (justLeft) {
            lookAgain(byHttp.since().plus(GOODBYE_SPREADS));
        }
        return !newerRunHeard && !justLeft;
    }

    /** Whom SWIM accuses and who has spoken over HTTP since: it lives, and UDP does not reach it. */
    private boolean isOverruled(Verdict bySwim) {
        return isAccused(bySwim) && http.heardAfter(bySwim.nodeId(), bySwim.since());
    }

    private static boolean isAccused(Verdict verdict) {
        return verdict.state() == MemberState.SUSPECTED || verdict.state() == MemberState.FAILED;
    }

    private void askAccused(Duration now) {
        Set<String> before = accused;
        accused = swim.verdicts().stream()
                .filter(MembershipRouter::isAccused)
                .map(Verdict::nodeId)
                .collect(Collectors.toSet());
        accused.stream().filter(nodeId -> !before.contains(nodeId)).forEach(nodeId -> http.ask(nodeId, now));
    }

    private void noteGoodbyes(Duration now) {
        Map<String, Long> seen = new HashMap<>();
        for (Verdict verdict : swim.verdicts()) {
            if (verdict.state() == MemberState.LEFT) {
                seen.put(verdict.nodeId(), verdict.incarnation());
                if (!Long.valueOf(verdict.incarnation()).equals(goodbyes.get(verdict.nodeId()))) {
                    http.doubt(verdict.nodeId(), now);
                }
            }
        }
        goodbyes = seen;
    }

    /** Gone members that no configuration names are shown no longer than HTTP polling would show them. */
    private boolean isRemembered(Verdict verdict, Duration now) {
        if (verdict.state() != MemberState.FAILED || verdict.configured()) {
            return true;
        }
        Duration until = verdict.since().plus(HttpMembership.TOMBSTONE);
        boolean remembered = now.compareTo(until) < 0;
        if (remembered) {
            lookAgain(until);
        }
        return remembered;
    }

    private void lookAgain(Duration at) {
        recheck = recheck.filter(earlier -> earlier.compareTo(at) <= 0).or(() -> Optional.of(at));
    }

    private Set<String> tcpAlone() {
        return swim.verdicts().stream()
                .filter(verdict -> verdict.udpUnreachable() || isOverruled(verdict))
                .map(Verdict::nodeId)
                .collect(Collectors.toSet());
    }
}
