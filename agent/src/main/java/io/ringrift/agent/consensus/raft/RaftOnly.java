package io.ringrift.agent.consensus.raft;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether the members are known to run Raft alone, so that nobody is elected by Bully and a leader that Raft elected needs no promises of theirs.
 * The disk keeps it, because a run that has just started and hears nobody would otherwise have to guess. See docs/adr/0005.
 *
 * <p>Pure. Not thread-safe.
 */
public final class RaftOnly {
    /** Until a disk that refused is tried again. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private boolean holds;
    private boolean stored;
    private boolean storing;
    private Duration notBefore = Duration.ZERO;

    /** @param remembered what a former run made durable; false where nothing is remembered */
    public RaftOnly(boolean remembered) {
        holds = remembered;
        stored = remembered;
    }

    public boolean holds() {
        return holds;
    }

    /**
     * Takes what is known of the members' modes.
     *
     * @param contradicted this node or one that was heard runs another mode
     * @param enough those that this run has not heard yet are too few to elect anybody
     * @return what is to be made durable now
     */
    public Optional<Boolean> learn(boolean contradicted, boolean enough, Duration now) {
        holds = !contradicted && (holds || enough);
        if (holds == stored || storing || now.compareTo(notBefore) < 0) {
            return Optional.empty();
        }
        storing = true;
        return Optional.of(holds);
    }

    /** The disk's answer. */
    public void persisted(boolean value, boolean durable, Duration now) {
        storing = false;
        if (durable) {
            stored = value;
        } else {
            notBefore = now.plus(AGAIN);
        }
    }
}
