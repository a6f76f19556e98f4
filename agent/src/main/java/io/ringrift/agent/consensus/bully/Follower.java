package io.ringrift.agent.consensus.bully;

import io.ringrift.agent.consensus.Leadership.Source;
import java.time.Duration;
import java.util.Optional;

/** Whom this node takes for the leader, and until when without hearing from it. */
final class Follower {
    private Optional<Followed> followed = Optional.empty();
    private Optional<Holder> lost = Optional.empty();

    /** An established leader. */
    record Followed(Holder leader, long epoch, Source source, Duration until) {}

    void follow(Holder leader, long epoch, Source source, Duration now) {
        followed = Optional.of(
                new Followed(leader, epoch, source, now.plus(Bully.LEASE).plus(Bully.MARGIN)));
        lost = Optional.empty();
    }

    /** The leader as long as it counts; empty from the moment its time has run out. */
    Optional<Followed> current(Duration now) {
        return followed.filter(f -> now.compareTo(f.until) < 0);
    }

    boolean followsAnother(Holder candidate, Duration now) {
        return current(now).filter(f -> !f.leader.equals(candidate)).isPresent();
    }

    /** Notes a leader whose time has run out. */
    void expire(Duration now) {
        if (followed.isPresent() && current(now).isEmpty()) {
            lose();
        }
    }

    void loseIf(Holder gone) {
        if (followed.filter(f -> f.leader.equals(gone)).isPresent()) {
            lose();
        }
    }

    /** The leader of this epoch gave it up; returns whether that was the one followed. */
    boolean loseIf(long epoch) {
        boolean was = followed.filter(f -> f.epoch == epoch).isPresent();
        if (was) {
            lose();
        }
        return was;
    }

    void clear() {
        followed = Optional.empty();
        lost = Optional.empty();
    }

    /** The last leader, where it fell silent or gave up and nobody has followed it yet. */
    Optional<Holder> lost() {
        return lost;
    }

    Optional<Duration> deadline() {
        return followed.map(Followed::until);
    }

    private void lose() {
        lost = followed.map(Followed::leader);
        followed = Optional.empty();
    }
}
