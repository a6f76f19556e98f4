package io.ringrift.agent.state;

import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/** Locks with a time to live. Their tokens rise with every lock that is acquired, and never fall. */
final class Locks {
    private final Budget budget;
    private final Map<String, Lock> locks = new TreeMap<>();
    private final NavigableSet<Lock> byExpiry =
            new TreeSet<>(Comparator.comparingLong(Lock::expiresMillis).thenComparing(Lock::name));
    private long lastToken;

    Locks(Budget budget) {
        this.budget = budget;
    }

    /** Who holds the lock already gets it again, under its token, for the whole time. */
    Answer acquire(String name, String owner, long ttlMillis, long now) {
        Lock held = locks.get(name);
        if (held != null && !held.owner().equals(owner)) {
            throw refused(Answer.Code.LOCKED, "The lock " + name + " is held by " + held.owner() + ".", held);
        }
        Lock lock = new Lock(name, owner, held == null ? lastToken + 1 : held.token(), now + ttlMillis, ttlMillis);
        if (held == null) {
            budget.require(lock.size());
            budget.adjust(0, lock.size());
            lastToken = lock.token();
        } else {
            byExpiry.remove(held);
        }
        put(lock);
        return answer(lock, now);
    }

    /** For as long again as it was acquired for. */
    Answer renew(String name, String owner, long token, long now) {
        Lock held = heldBy(name, owner, token);
        byExpiry.remove(held);
        Lock renewed = new Lock(name, owner, token, now + held.ttlMillis(), held.ttlMillis());
        put(renewed);
        return answer(renewed, now);
    }

    Answer release(String name, String owner, long token) {
        Lock held = heldBy(name, owner, token);
        remove(held);
        return new Answer.Held(held, 0);
    }

    Answer get(String name, long now) {
        Lock held = locks.get(name);
        if (held == null) {
            throw new Refused(Answer.Code.NOT_FOUND, "Nobody holds the lock " + name + ".");
        }
        return answer(held, now);
    }

    boolean isFree(String name) {
        return !locks.containsKey(name);
    }

    /** Ends locks that ran out. */
    void advance(long now) {
        while (!byExpiry.isEmpty() && byExpiry.first().expiresMillis() <= now) {
            remove(byExpiry.first());
        }
    }

    OptionalLong nextDeadline() {
        return byExpiry.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(byExpiry.first().expiresMillis());
    }

    void write(Encoder out) throws IOException {
        out.number(lastToken).many(locks.values(), (to, lock) -> lock.write(to));
    }

    /** Into an empty one. */
    void read(Decoder in) throws IOException {
        lastToken = in.number();
        for (Lock lock : in.many(Lock::read)) {
            put(lock);
            budget.adjust(0, lock.size());
        }
    }

    /** After a restore: no token comes a second time. */
    void continueFrom(Locks before) {
        lastToken = Math.max(lastToken, before.lastToken);
    }

    int size() {
        return locks.size();
    }

    private static Answer answer(Lock lock, long now) {
        return new Answer.Held(lock, Math.max(0, lock.expiresMillis() - now));
    }

    private void put(Lock lock) {
        locks.put(lock.name(), lock);
        byExpiry.add(lock);
    }

    private void remove(Lock lock) {
        locks.remove(lock.name());
        byExpiry.remove(lock);
        budget.adjust(lock.size(), 0);
    }

    private Lock heldBy(String name, String owner, long token) {
        Lock held = locks.get(name);
        if (held == null) {
            throw new Refused(Answer.Code.NOT_OWNER, "Nobody holds the lock " + name + ": it ran out or was released.");
        }
        if (!held.owner().equals(owner) || held.token() != token) {
            throw refused(
                    Answer.Code.NOT_OWNER,
                    "The lock " + name + " is held by " + held.owner() + " under token " + held.token() + ", not by "
                            + owner + " under " + token + ".",
                    held);
        }
        return held;
    }

    private static Refused refused(Answer.Code code, String message, Lock held) {
        return new Refused(code, message, Map.of("owner", held.owner(), "token", Long.toString(held.token())));
    }
}
