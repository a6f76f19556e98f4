package io.ringrift.agent.state;

import io.ringrift.agent.state.StateRequest.Once.Attempt;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The answers to requests that agents try again by themselves: exactly those that have not reached their agent yet, because each request says
 * which ones before it have. An attempt that comes later still, from whatever detour, changes nothing.
 */
final class AttemptAnswers {
    private static final long KEEP_MILLIS = 600_000;
    private static final int MOST_AGENTS = 4_096;
    private static final long MAX_BYTES = 8L << 20;
    private static final int OVERHEAD = 100;
    private static final byte[] FORGOTTEN = Answer.Refusal.of(
                    Answer.Code.FORGOTTEN, "The request was applied, and its answer was too large to be kept.")
            .encode();

    /** By agent, the one that was silent for longest first. */
    private final LinkedHashMap<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;

    /** What is known of one run of an agent. */
    private static final class Session {
        private final SortedMap<Long, byte[]> answers = new TreeMap<>();
        private long settled;
        private long usedMillis;
    }

    /** The answer of an earlier attempt. @throws Refused where that has reached its agent */
    Optional<byte[]> find(Attempt attempt, long now) {
        Session session = sessions.computeIfAbsent(attempt.agent(), agent -> new Session());
        session.usedMillis = now;
        settle(session, attempt.settled());
        if (attempt.number() < session.settled) {
            throw new Refused(Answer.Code.KEY_REUSED, "This attempt comes late: the request was answered before.");
        }
        return Optional.ofNullable(session.answers.get(attempt.number()));
    }

    /** Remembers that a request was applied, and its answer where that fits. */
    void put(Attempt attempt, byte[] answer) {
        byte[] kept = bytes + answer.length > MAX_BYTES ? FORGOTTEN : answer;
        sessions.get(attempt.agent()).answers.put(attempt.number(), kept);
        bytes += OVERHEAD + kept.length;
    }

    /** Forgets agents that were not heard of for long. */
    void advance(long now) {
        while (!sessions.isEmpty()
                && (sessions.size() > MOST_AGENTS
                        || sessions.firstEntry().getValue().usedMillis + KEEP_MILLIS <= now)) {
            settle(sessions.pollFirstEntry().getValue(), Long.MAX_VALUE);
        }
    }

    void write(Encoder out) throws IOException {
        out.many(
                sessions.entrySet(),
                (to, each) -> to.text(each.getKey())
                        .number(each.getValue().settled)
                        .number(each.getValue().usedMillis)
                        .many(
                                each.getValue().answers.entrySet(),
                                (inner, answer) -> inner.number(answer.getKey()).bytes(answer.getValue())));
    }

    /** Into an empty one. */
    void read(Decoder in) throws IOException {
        in.many(each -> {
            Session session = new Session();
            String agent = each.text();
            session.settled = each.number();
            session.usedMillis = each.number();
            each.many(answer -> session.answers.put(answer.number(), answer.bytes()));
            session.answers.values().forEach(answer -> bytes += OVERHEAD + answer.length);
            return sessions.put(agent, session);
        });
    }

    private void settle(Session session, long settled) {
        if (settled > session.settled) {
            session.settled = settled;
            Map<Long, byte[]> reached = session.answers.headMap(settled);
            reached.values().forEach(answer -> bytes -= OVERHEAD + answer.length);
            reached.clear();
        }
    }
}
