package io.ringrift.agent.raft.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PulseTest {
    private final Pulse pulse = new Pulse();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    /** Counts; asks to be asked again in a millisecond. */
    private final class Counter implements Pulse.Follower {
        private final AtomicInteger beats = new AtomicInteger();

        @Override
        public long beat() {
            threads.add(Thread.currentThread());
            beats.incrementAndGet();
            return 1;
        }
    }

    @Test
    void allAreAskedByOneThreadAndItEndsWithTheLastOfThem() {
        Counter first = new Counter();
        Counter second = new Counter();
        pulse.join(first);
        pulse.join(second);
        await().until(() -> first.beats.get() >= 3 && second.beats.get() >= 3);
        pulse.leave(first);
        int left = first.beats.get();
        int now = second.beats.get();
        await().until(() -> second.beats.get() >= now + 3);
        assertThat(first.beats.get()).isLessThanOrEqualTo(left + 1);
        assertThat(threads).hasSize(1);
        pulse.leave(second);
        await().until(() -> threads.stream().noneMatch(Thread::isAlive));
    }

    @Test
    void whoJoinsAfterTheLastHasLeftIsAskedToo() {
        Counter first = new Counter();
        pulse.join(first);
        await().until(() -> first.beats.get() > 0);
        pulse.leave(first);
        Counter second = new Counter();
        pulse.join(second);
        await().until(() -> second.beats.get() >= 3);
        pulse.leave(second);
        await().until(() -> threads.stream().noneMatch(Thread::isAlive));
        assertThat(threads.stream().map(Thread::getName).collect(Collectors.toSet()))
                .containsExactly("raft-pulse");
    }

    @Test
    void aDefectOfOneDoesNotStopTheOthers() {
        Counter sound = new Counter();
        Pulse.Follower defective = () -> {
            throw new IllegalStateException("a defect, on purpose");
        };
        pulse.join(defective);
        pulse.join(sound);
        await().until(() -> sound.beats.get() >= 3);
        pulse.leave(defective);
        pulse.leave(sound);
        await().until(() -> threads.stream().noneMatch(Thread::isAlive));
    }
}
