package io.ringrift.operator.observe;

import io.ringrift.operator.observe.AgentReply.Reported;
import io.ringrift.operator.observe.AgentReply.Silent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.ConnectException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Keeps in touch with the agents of one cluster: asks each for its status and hands the wanted configuration to every one
 * that runs another. Lives on one event loop; everything is called there.
 */
final class ClusterSync {
    private static final System.Logger LOG = System.getLogger(ClusterSync.class.getName());

    /** One lost packet is no silence. */
    private static final int MISSES_UNTIL_SILENT = 2;

    /** So many agents' events are followed: the leader's, who knows it first when it ends, and some that outlive it. */
    private static final int MOST_FOLLOWED = 3;

    /** Events come together; one answer tells of all of them. A leader is waited for, the rest comes in crowds. */
    private static final long GATHER_LEADER_MILLIS = 25;

    private static final long GATHER_MILLIS = 250;

    /** So many agents are asked in a round; the others' turn comes with the next. */
    private static final int MOST_ASKED = 100;

    /** Up to so many agents each keep a connection; more would cost memory for as good as nothing. */
    private static final int MOST_KEPT = 100;

    private final String cluster;
    private final Vertx vertx;
    private final RequestGate gate;
    private final Runnable changed;
    private final Runnable led;

    private final Map<String, AgentReply> replies = new HashMap<>();
    private final Map<String, Integer> misses = new HashMap<>();
    private final Set<String> asking = new HashSet<>();
    private final Set<String> telling = new HashSet<>();
    /** Were told while an answer was on its way, which may be from before that. */
    private final Set<String> overtaken = new HashSet<>();

    private final Set<Hurry> hurried = new HashSet<>();
    private final Map<String, EventFollower> followed = new HashMap<>();
    private final Views views = new Views();
    /** Whose turn it is to be asked comes first. */
    private final Set<String> turns = new LinkedHashSet<>();

    private Map<String, AgentEndpoint> endpoints = Map.of();
    private Map<String, AgentDocument> wanted = Map.of();
    private Optional<String> authority = Optional.empty();
    private boolean keeps;
    private AgentClient client;

    private record Hurry(String member, long gatherMillis) {}

    /**
     * @param cluster its name, for the log
     * @param changed is run whenever a reply has changed
     * @param led is run instead where that tells of a new leader
     */
    ClusterSync(String cluster, Vertx vertx, RequestGate gate, Runnable changed, Runnable led) {
        this.cluster = cluster;
        this.vertx = vertx;
        this.gate = gate;
        this.changed = changed;
        this.led = led;
    }

    /** From now on these agents, and a configuration for each. Whoever is new is asked at once; a new configuration is pushed at once. */
    void follow(List<AgentEndpoint> now, Optional<String> nowAuthority, Map<String, AgentDocument> nowWanted) {
        Map<String, AgentEndpoint> next = new HashMap<>();
        now.forEach(endpoint -> next.put(endpoint.member(), endpoint));
        connect(nowAuthority, next.size() <= MOST_KEPT);
        boolean gone = replies.keySet().removeIf(member -> !sameAgent(next, member));
        misses.keySet().retainAll(replies.keySet());
        endpoints = Map.copyOf(next);
        turns.retainAll(endpoints.keySet());
        turns.addAll(endpoints.keySet());
        followEvents();
        boolean other = !nowWanted.equals(wanted);
        wanted = Map.copyOf(nowWanted);
        endpoints.values().forEach(endpoint -> {
            if (!replies.containsKey(endpoint.member())) {
                ask(endpoint);
            } else if (other) {
                tell(endpoint);
            }
        });
        if (gone) {
            changed.run();
        }
    }

    /** Asks as many as a round allows, whoever was not asked for longest first. */
    void round() {
        List<String> now = turns.stream().limit(MOST_ASKED).toList();
        now.forEach(turns::remove);
        turns.addAll(now);
        now.forEach(member -> ask(endpoints.get(member)));
        views.retain(replies.values());
        followEvents();
    }

    /** Whether everybody has been asked at least once. */
    boolean complete() {
        return replies.keySet().containsAll(endpoints.keySet());
    }

    Map<String, AgentReply> replies() {
        return Map.copyOf(replies);
    }

    /** Asks that member where its Raft peer is. Fails with a phrase. */
    Future<RaftStanding> raft(String member) {
        AgentEndpoint endpoint = endpoints.get(member);
        return endpoint == null ? Future.failedFuture("has no address") : client.raft(endpoint);
    }

    /** Has that member hand Raft's leadership over. Fails with a phrase. */
    Future<Void> handOver(String member, String successor) {
        AgentEndpoint endpoint = endpoints.get(member);
        AgentDocument document = wanted.get(member);
        return endpoint == null || document == null
                ? Future.failedFuture("has no address")
                : client.handOver(endpoint, document.token(), successor);
    }

    /** Has that agent, which need not be one of those that are asked any more, hand leadership over. Fails with a phrase. */
    Future<Void> drain(AgentEndpoint leaving) {
        AgentDocument document = wanted.get(leaving.member());
        return document == null ? Future.failedFuture("is not known yet") : client.drain(leaving, document.token());
    }

    void close() {
        endpoints = Map.of();
        followEvents();
        if (client != null) {
            client.close();
        }
    }

    private boolean sameAgent(Map<String, AgentEndpoint> next, String member) {
        return endpoints.containsKey(member) && endpoints.get(member).equals(next.get(member));
    }

    private void connect(Optional<String> nowAuthority, boolean nowKeeps) {
        if (client != null && authority.equals(nowAuthority) && keeps == nowKeeps) {
            return;
        }
        if (client != null) {
            client.close();
        }
        authority = nowAuthority;
        keeps = nowKeeps;
        client = new AgentClient(vertx, authority, keeps);
    }

    // ---- events

    private void followEvents() {
        Map<String, AgentEndpoint> wanted = new HashMap<>();
        toFollow().forEach(endpoint -> wanted.put(endpoint.member(), endpoint));
        followed.entrySet().removeIf(entry -> {
            boolean stays = !entry.getValue().isOver() && entry.getValue().isOf(wanted.get(entry.getKey()));
            if (!stays) {
                entry.getValue().close();
            }
            return !stays;
        });
        wanted.forEach((member, endpoint) -> {
            if (!followed.containsKey(member)) {
                EventFollower follower = new EventFollower(endpoint, (name, data) -> happened(member, name, data));
                followed.put(member, follower);
                follower.open(client);
            }
        });
    }

    /** The leader, then those that are followed already, then whoever answers, in order of names. */
    private List<AgentEndpoint> toFollow() {
        return endpoints.values().stream()
                .filter(endpoint -> replies.get(endpoint.member()) instanceof Reported)
                .sorted(Comparator.comparing((AgentEndpoint endpoint) -> !isLeader(endpoint.member()))
                        .thenComparing(endpoint -> !followed.containsKey(endpoint.member()))
                        .thenComparing(AgentEndpoint::member))
                .limit(MOST_FOLLOWED)
                .toList();
    }

    private boolean isLeader(String member) {
        return replies.get(member) instanceof Reported(AgentReport report)
                && report.leader().equals(Optional.of(member));
    }

    private void happened(String member, String name, String data) {
        boolean leader = LeaderEvent.NAME.equals(name);
        if (leader) {
            LeaderEvent.read(data).ifPresent(elected -> note(member, elected));
        }
        hurry(member, leader ? GATHER_LEADER_MILLIS : GATHER_MILLIS);
    }

    /** Of a new leader whoever waits for one hears at once, by the first who tells of it; the rest of the status comes when it is asked. */
    private void note(String member, LeaderEvent elected) {
        if (!(replies.get(member) instanceof Reported(AgentReport report))) {
            return;
        }
        boolean first = replies.values().stream()
                .noneMatch(reply -> reply instanceof Reported(AgentReport known)
                        && known.epoch() >= elected.epoch()
                        && known.leader().isPresent());
        Reported told = new Reported(elected.in(report));
        if (first) {
            replies.put(member, told);
            led.run();
        } else {
            put(member, told);
        }
    }

    /** Something has happened there: asks it at once, or as soon as an answer that may be older has come. */
    private void hurry(String member, long gatherMillis) {
        Hurry hurry = new Hurry(member, gatherMillis);
        if (!hurried.add(hurry)) {
            return;
        }
        vertx.setTimer(gatherMillis, due -> {
            hurried.remove(hurry);
            if (asking.contains(member)) {
                hurry(member, gatherMillis);
            } else if (endpoints.containsKey(member)) {
                ask(endpoints.get(member));
            }
        });
    }

    // ---- asking and telling

    private void ask(AgentEndpoint endpoint) {
        if (!asking.add(endpoint.member())) {
            return;
        }
        AgentClient asked = client;
        gate.pass(() -> asked.status(endpoint).onComplete(result -> {
            asking.remove(endpoint.member());
            boolean stale = overtaken.remove(endpoint.member());
            if (!endpoint.equals(endpoints.get(endpoint.member()))) {
                return;
            }
            if (stale) {
                // Taken for what the agent runs, it would have the document pushed again.
                ask(endpoint);
            } else if (result.succeeded()) {
                heard(endpoint, result.result());
            } else {
                missed(endpoint, result.cause());
            }
        }));
    }

    private void heard(AgentEndpoint endpoint, AgentReport answer) {
        if (!answer.nodeId().equals(endpoint.member())) {
            put(endpoint.member(), new Silent("another agent, " + answer.nodeId() + ", answers at its address"));
            return;
        }
        misses.remove(endpoint.member());
        AgentReport report = views.shared(answer);
        boolean news =
                report.refused().isPresent() && !refused(endpoint.member()).equals(report.refused());
        put(endpoint.member(), new Reported(report));
        // An agent forgets what it refused when it takes something else: let that be seen first, until the next round.
        if (!news) {
            tell(endpoint);
        }
    }

    private Optional<AgentReport.Refusal> refused(String member) {
        return replies.get(member) instanceof Reported reported
                ? reported.report().refused()
                : Optional.empty();
    }

    private void missed(AgentEndpoint endpoint, Throwable cause) {
        int count = misses.merge(endpoint.member(), 1, Integer::sum);
        if (count >= MISSES_UNTIL_SILENT || !replies.containsKey(endpoint.member())) {
            put(endpoint.member(), new Silent(phrase(cause)));
        }
    }

    private void put(String member, AgentReply reply) {
        if (!reply.equals(replies.put(member, reply))) {
            changed.run();
        }
    }

    private void tell(AgentEndpoint endpoint) {
        AgentDocument document = wanted.get(endpoint.member());
        if (document == null || !needs(replies.get(endpoint.member()), document) || !telling.add(endpoint.member())) {
            return;
        }
        AgentClient told = client;
        gate.pass(() -> told.push(endpoint, document).onComplete(result -> {
            telling.remove(endpoint.member());
            if (asking.contains(endpoint.member())) {
                overtaken.add(endpoint.member());
            }
            if (result.failed()) {
                LOG.log(
                        System.Logger.Level.INFO,
                        "{0}: configuration {1} did not reach {2}, tried again with the next round: {3}",
                        cluster,
                        document.generation(),
                        endpoint.member(),
                        phrase(result.cause()));
            } else if (endpoint.equals(endpoints.get(endpoint.member()))) {
                ask(endpoint);
            }
        }));
    }

    /**
     * A document that it refused is not pushed again: it would be refused again. One that is older than what it runs would be
     * refused too, and its refusal taken for trouble by the operator that works after this one.
     */
    private static boolean needs(AgentReply reply, AgentDocument document) {
        return reply instanceof Reported reported
                && reported.report().isBehind(document.generation())
                && reported.report()
                        .refused()
                        .filter(refusal -> refusal.generation().orElse(-1) == document.generation())
                        .isEmpty();
    }

    /** Free of ports, addresses and times, so that the same trouble reads the same each time. */
    private static String phrase(Throwable cause) {
        return switch (cause) {
            case ConnectException refused -> "nothing listens at its address";
            case TimeoutException late -> "it did not answer in time";
            case SSLException tls -> "TLS failed: " + tls.getMessage();
            case IllegalArgumentException unreadable -> unreadable.getMessage();
            default ->
                cause.getClass().getSimpleName().contains("Timeout")
                        ? "it did not answer in time"
                        : String.valueOf(cause.getMessage());
        };
    }
}
