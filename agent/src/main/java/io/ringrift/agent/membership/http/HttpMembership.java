package io.ringrift.agent.membership.http;

import static io.ringrift.agent.time.Durations.max;
import static io.ringrift.agent.time.Durations.min;
import static io.ringrift.agent.time.Durations.part;
import static io.ringrift.agent.time.Durations.times;

import io.ringrift.agent.config.AgentConfig.HttpPolling;
import io.ringrift.agent.config.AgentConfig.Peer;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.membership.Directory;
import io.ringrift.agent.membership.FailureDetector;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.membership.Sighting;
import io.ringrift.agent.membership.Verdict;
import io.ringrift.agent.membership.http.PollMessage.Hint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Membership by HTTP polling: every node polls every other once an interval, each peer at its own phase of it. Any message from
 * a peer's current run counts as heard; silence makes it SUSPECTED and then FAILED.
 *
 * <p>A configured peer that was never heard is no member until {@code failedAfter} has passed since it was configured, and FAILED
 * from then on: before, there is nothing to say about it. A node that another node told of is polled, and becomes a member when
 * it is heard itself. A peer that another detector watches is spared: neither polled nor judged here. Gone members stay while the configuration names them, others for {@link #TOMBSTONE}.
 *
 * <p>Times are this process's own; machines' clocks are never compared. When this process was paused (a tick came late), the pause
 * counts for nobody's silence, and nobody is accused before there was time to answer a fresh poll.
 *
 * <p>Pure: inputs and the time go in, effects come out. Not thread-safe.
 */
public final class HttpMembership implements FailureDetector {
    /** How long a gone member that no configuration names is remembered. */
    public static final Duration TOMBSTONE = Duration.ofMinutes(5);

    /** A tick that comes this late means that the process was paused, not merely busy. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    /** How long after a goodbye to another detector a peer may still answer because it shuts down. */
    static final Duration SHUTTING_DOWN = Duration.ofSeconds(2);

    /** How long after such a goodbye an answer is waited for. */
    static final Duration FAREWELL = Duration.ofSeconds(5);

    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofSeconds(60);
    /** Multiples of the golden ratio spread any number of peers evenly over the interval. */
    private static final double GOLDEN_RATIO = 0.6180339887498949;

    private final String self;
    private final Directory directory;
    private final Seeds seeds = new Seeds();
    private final Map<String, Watch> watches = new TreeMap<>();
    private HttpPolling polling;
    private Set<String> spared = Set.of();
    private boolean everHeard;
    private int ordinal;
    private long version;
    private Duration deadline;
    private Duration noVerdictBefore = Duration.ZERO;

    /** A core that polls nobody until it is configured and run. */
    public HttpMembership(String self, Directory directory, HttpPolling polling, Duration now) {
        this.self = self;
        this.directory = directory;
        this.polling = polling;
        this.deadline = now;
    }

    /** Takes peers and times; whoever is new is polled at once. */
    public void configure(List<Peer> peers, HttpPolling times, int defaultPort, Duration now) {
        polling = times;
        Map<String, Address> named = new HashMap<>();
        List<Peer.Discovered> discovered = new ArrayList<>();
        for (Peer peer : peers) {
            switch (peer) {
                case Peer.Named(String nodeId, String host, var port) ->
                    named.put(nodeId, new Address(host, port.orElse(defaultPort)));
                case Peer.Discovered found -> discovered.add(found);
            }
        }
        named.remove(self);
        directory.configure(named);
        seeds.configure(discovered, defaultPort, now);
        watches.forEach((nodeId, watch) -> watch.configured = named.containsKey(nodeId));
        named.keySet().forEach(nodeId -> watch(nodeId, now).configured = true);
        forget(watches.entrySet().stream()
                .filter(entry -> !entry.getValue().configured && !isMember(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList());
        version++;
        deadline = now;
    }

    /**
     * Really stops polling these peers, and polls all others. Whoever is spared no longer gets the chance to answer before it is
     * judged again.
     */
    public void spare(Set<String> nodeIds, Duration now) {
        if (nodeIds.equals(spared)) {
            return;
        }
        watches.forEach((nodeId, watch) -> {
            if (spared.contains(nodeId) && !nodeIds.contains(nodeId)) {
                watch.silentSince = now;
            }
        });
        spared = Set.copyOf(nodeIds);
        deadline = now;
    }

    /** What another detector holds of a peer, so that this one begins there when it takes over. */
    public void follow(Verdict seen, Duration now) {
        seen.address().ifPresent(address -> directory.hint(seen.nodeId(), address));
        Watch watch = watch(seen.nodeId(), now);
        watch.enter(seen.state(), seen.since());
        boolean lives = seen.state() == MemberState.ALIVE || seen.state() == MemberState.SUSPECTED;
        watch.everHeard |= lives;
        everHeard |= lives;
    }

    /**
     * A peer said goodbye to another detector: it ended, or it only stopped that protocol. Asked when it has had the time to end, it has
     * left unless it answers.
     */
    public void doubt(String nodeId, Duration now) {
        Watch watch = watches.get(nodeId);
        if (watch != null && !watch.isGone()) {
            watch.doubtedSince = Optional.of(now);
            watch.nextPoll = now.plus(SHUTTING_DOWN);
            deadline = now;
        }
    }

    /** Polls a peer at once, for whoever doubts that it lives. */
    public void ask(String nodeId, Duration now) {
        Watch watch = watches.get(nodeId);
        if (watch != null) {
            watch.nextPoll = now;
            deadline = min(deadline, now);
        }
    }

    /** Whether the current run of a node has spoken since. */
    public boolean heardAfter(String nodeId, Duration since) {
        Watch watch = watches.get(nodeId);
        return watch != null
                && watch.heardAt.filter(at -> at.compareTo(since) > 0).isPresent();
    }

    /** Whether the configuration names a node. */
    public boolean isConfigured(String nodeId) {
        Watch watch = watches.get(nodeId);
        return watch != null && watch.configured;
    }

    /**
     * A message from a run that the directory admitted. A run that asks before it was ever asked is asked at once in return: a
     * cluster whose nodes start one after the other is complete when the last one has started, not an interval later.
     *
     * @param asked it was a request, no answer
     */
    public void heard(String nodeId, Directory.Admission admission, boolean asked, Duration now) {
        Watch watch = watch(nodeId, now);
        boolean sameRun = admission == Directory.Admission.KNOWN || admission == Directory.Admission.CHANGED;
        if (asked && !sameRun) {
            watch.nextPoll = now;
            deadline = min(deadline, now);
        }
        if (sameRun && watch.state.equals(Optional.of(MemberState.LEFT))) {
            return; // It still answers while it shuts down; only another run comes back.
        }
        everHeard = true;
        watch.everHeard = true;
        watch.silentSince = now;
        watch.heardAt = Optional.of(now);
        watch.doubtedSince =
                watch.doubtedSince.filter(since -> sameRun && now.minus(since).compareTo(SHUTTING_DOWN) < 0);
        boolean changed = watch.enter(MemberState.ALIVE, now);
        if (changed || admission != Directory.Admission.KNOWN) {
            version++;
        }
    }

    /** The current run of a node said goodbye. */
    public void left(String nodeId, Duration now) {
        if (watch(nodeId, now).enter(MemberState.LEFT, now)) {
            version++;
        }
    }

    /** Members that a peer named: polled from now on, believed when they are heard. */
    public void hinted(Collection<Hint> hints, Duration now) {
        for (Hint hint : hints) {
            if (!hint.nodeId().equals(self) && directory.hint(hint.nodeId(), hint.address())) {
                watch(hint.nodeId(), now);
            }
        }
    }

    /** Who answered at an address that was polled without knowing who is there; may be this node itself. */
    public void answeredAt(Address address, String nodeId) {
        seeds.answered(address, nodeId);
    }

    /** A look-up's result; empty where it failed. */
    public void resolved(String host, Collection<String> addresses, Duration now) {
        seeds.resolved(host, addresses, now);
        deadline = now;
    }

    /** Does what is due. */
    public List<PollEffect> tick(Duration now) {
        forgivePause(now);
        if (now.compareTo(noVerdictBefore) >= 0) {
            watches.forEach((nodeId, watch) -> version += !isSpared(nodeId) && watch.judge(polling, now) ? 1 : 0);
        }
        forget(expired(now));
        List<PollEffect> effects = new ArrayList<>();
        watches.forEach((nodeId, watch) -> poll(nodeId, watch, now, effects));
        seeds.dueHosts(now, !everHeard).forEach(host -> effects.add(new PollEffect.Resolve(host)));
        seeds.dueAddresses(now, polling.interval(), this::lives)
                .forEach(address -> effects.add(new PollEffect.Ask(Optional.empty(), address, timeout())));
        deadline = nextDeadline(now);
        return effects;
    }

    /** When {@link #tick} is wanted next. */
    public Duration nextDeadline() {
        return deadline;
    }

    /** Whether there is a view of the cluster: a peer was heard since the start, or there is none. */
    public boolean joined() {
        boolean alone = watches.isEmpty() && (seeds.isEmpty() || seeds.onlySelf(self));
        return everHeard || alone;
    }

    /** Addresses behind which stands a node whose id is not known yet. */
    public int unknownPeers() {
        return seeds.unknown();
    }

    /** Whether every host that was configured for discovery has been looked up at least once. */
    public boolean discoveryComplete() {
        return seeds.complete();
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public long version() {
        return version;
    }

    @Override
    public List<Verdict> verdicts() {
        List<Verdict> verdicts = new ArrayList<>();
        watches.forEach((nodeId, watch) -> watch.state.ifPresent(state -> verdicts.add(verdict(nodeId, watch, state))));
        return verdicts;
    }

    private Verdict verdict(String nodeId, Watch watch, MemberState state) {
        boolean accused = state == MemberState.SUSPECTED || state == MemberState.FAILED;
        Optional<Sighting> seen = directory.sighting(nodeId);
        return new Verdict(
                nodeId,
                state,
                watch.stateSince,
                Member.Source.HTTP,
                watch.configured,
                directory.address(nodeId),
                seen.map(sighting -> sighting.identity().incarnation()).orElse(0L),
                seen.map(Sighting::modes),
                accused ? List.of(self) : List.of(),
                false);
    }

    private void poll(String nodeId, Watch watch, Duration now, List<PollEffect> effects) {
        if (isSpared(nodeId) || watch.nextPoll.compareTo(now) > 0) {
            return;
        }
        directory
                .nextAddress(nodeId)
                .ifPresent(address -> effects.add(new PollEffect.Ask(Optional.of(nodeId), address, timeout())));
        watch.nextPoll = now.plus(watch.polledBefore ? polling.interval() : watch.phase);
        watch.polledBefore = true;
    }

    private void forgivePause(Duration now) {
        Duration late = now.minus(deadline);
        if (late.compareTo(PAUSE) < 0) {
            return;
        }
        noVerdictBefore = now.plus(timeout());
        for (Watch watch : watches.values()) {
            watch.silentSince = min(watch.silentSince.plus(late), now);
            watch.nextPoll = now;
        }
    }

    private List<String> expired(Duration now) {
        return watches.entrySet().stream()
                .filter(entry -> !entry.getValue().configured && !isSpared(entry.getKey()))
                .filter(entry -> isExpired(entry.getValue(), now))
                .map(Map.Entry::getKey)
                .toList();
    }

    private boolean isExpired(Watch watch, Duration now) {
        if (!isMember(watch)) {
            return now.minus(watch.silentSince).compareTo(polling.failedAfter()) >= 0;
        }
        return watch.isGone() && now.minus(watch.stateSince).compareTo(TOMBSTONE) >= 0;
    }

    private void forget(List<String> nodeIds) {
        if (!nodeIds.isEmpty()) {
            nodeIds.forEach(watches::remove);
            directory.forget(nodeIds);
            version++;
        }
    }

    private Duration nextDeadline(Duration now) {
        Duration next = now.plus(IDLE);
        for (Map.Entry<String, Watch> entry : watches.entrySet()) {
            if (isSpared(entry.getKey())) {
                continue;
            }
            Watch watch = entry.getValue();
            next = min(next, watch.nextPoll);
            Optional<Duration> judgement = watch.nextJudgement(polling);
            if (judgement.isPresent()) {
                next = min(next, max(judgement.get(), noVerdictBefore));
            }
        }
        return min(next, seeds.nextDeadline().orElse(next));
    }

    private boolean isSpared(String nodeId) {
        return spared.contains(nodeId);
    }

    private boolean lives(String nodeId) {
        Watch watch = watches.get(nodeId);
        return nodeId.equals(self) || (watch != null && watch.state.equals(Optional.of(MemberState.ALIVE)));
    }

    private Watch watch(String nodeId, Duration now) {
        Watch known = watches.get(nodeId);
        if (known != null) {
            return known;
        }
        double fraction = (++ordinal * GOLDEN_RATIO) % 1.0;
        Watch watch =
                new Watch(false, Duration.ofNanos((long) (polling.interval().toNanos() * fraction)), now);
        watches.put(nodeId, watch);
        deadline = min(deadline, now);
        return watch;
    }

    /** Long enough for a starved peer, short enough that two requests to one peer are never under way at once. */
    private Duration timeout() {
        return min(part(times(polling.interval(), 4), 5), LONGEST_TIMEOUT);
    }

    private static boolean isMember(Watch watch) {
        return watch.state.isPresent();
    }
}
