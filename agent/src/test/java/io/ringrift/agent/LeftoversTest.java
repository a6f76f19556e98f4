package io.ringrift.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LeftoversTest {
    private final Leftovers leftovers = new Leftovers();

    @Test
    void whatTheStartLeftIsCollectedOnce() {
        assertThat(collections(0, 600, false)).containsExactly(30L);
    }

    @Test
    void besideRaftNothingIsCollectedAndAfterItOnce() {
        assertThat(collections(0, 20, false)).isEmpty();
        assertThat(collections(20, 300, true)).isEmpty();
        assertThat(collections(300, 600, false)).containsExactly(329L);
        assertThat(collections(600, 700, true)).isEmpty();
        assertThat(collections(700, 1000, false)).containsExactly(729L);
    }

    /** The seconds in which it says so, asked once a second from {@code from} on. */
    private List<Long> collections(long from, long to, boolean raft) {
        return LongStream.range(from, to)
                .filter(second -> leftovers.worthCollecting(raft, Duration.ofSeconds(second)))
                .boxed()
                .toList();
    }
}
